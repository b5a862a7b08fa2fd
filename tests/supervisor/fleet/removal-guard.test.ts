import { joinRequests, plainReload, removalProblem } from '#supervisor/fleet/removal-guard.ts';

function names(count: number, first = 0): string[] {
  return Array.from({ length: count }, (_, index) => `node-${first + index}`);
}

test.each([
  // [present, of these kept, new ones, refused]
  [0, 0, 0, false],
  [0, 0, 3, false],
  [1, 0, 0, true],
  [3, 0, 0, true],
  [3, 1, 0, false],
  // Few BMCs that are renamed.
  [3, 0, 3, false],
  [4, 2, 0, false],
  [4, 1, 0, true],
  [4, 1, 9, true],
  [100, 50, 0, false],
  [100, 49, 0, true],
  [100, 0, 100, true],
])('%i BMCs, %i of them kept, %i new: refused %s', (present, kept, added, refused) => {
  const problem = removalProblem(names(present), [...names(kept), ...names(added, 1_000)], plainReload);
  expect(problem !== undefined).toBe(refused);
  if (refused) expect(problem).toContain(`would remove ${present - kept} of ${present} BMCs (node-${kept}`);
  const meant = { allowRemoval: true, removes: [] };
  expect(removalProblem(names(present), names(kept), meant)).toBeUndefined();
});

test('what was announced does not count', () => {
  const removes = (count: number) => ({ allowRemoval: false, removes: names(count) });
  expect(removalProblem(names(1), [], removes(1))).toBeUndefined();
  expect(removalProblem(names(6), names(2, 4), removes(4))).toBeUndefined();
  expect(removalProblem(names(6), names(1, 5), removes(4))).toBeUndefined();
  // The rest of the file has been lost as well.
  expect(removalProblem(names(6), [], removes(4))).toBe('would remove 2 of 6 BMCs (node-4, node-5)');
  expect(removalProblem(names(9), names(2, 7), removes(2))).toContain('would remove 5 of 9 BMCs');
});

test('requests that share a reload are joined', () => {
  const one = { allowRemoval: false, removes: ['a'] };
  expect(joinRequests([one, plainReload])).toEqual(one);
  expect(joinRequests([one, { allowRemoval: true, removes: ['b'] }])).toEqual({
    allowRemoval: true,
    removes: ['a', 'b'],
  });
});
