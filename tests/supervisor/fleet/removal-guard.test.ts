import {
  joinRequests,
  plainReload,
  RemovalGuard,
  type ReloadRequest,
} from '#supervisor/fleet/removal-guard.ts';
import { REMOVALS_COUNT_MS } from '#supervisor/supervision/supervision-times.ts';

function names(count: number, first = 0): string[] {
  return Array.from({ length: count }, (_, index) => `node-${first + index}`);
}

function announced(removes: readonly string[]): ReloadRequest {
  return { allowRemoval: false, removes };
}

const meant: ReloadRequest = { allowRemoval: true, removes: [] };

test.each([
  // [present, of these kept, new ones, refused]
  [0, 0, 0, false],
  [0, 0, 3, false],
  [1, 0, 0, true],
  [1, 0, 1, true],
  [3, 0, 0, true],
  [3, 1, 0, false],
  // None of the present ones stays.
  [3, 0, 1, true],
  [3, 0, 3, true],
  [4, 2, 0, false],
  [4, 1, 0, true],
  [4, 1, 9, true],
  [100, 50, 0, false],
  [100, 49, 0, true],
  [100, 0, 100, true],
])('%i BMCs, %i of them kept, %i new: refused %s', (present, kept, added, refused) => {
  const problem = (request: ReloadRequest) =>
    new RemovalGuard().problem(names(present), [...names(kept), ...names(added, 1_000)], request, 0);
  expect(problem(plainReload) !== undefined).toBe(refused);
  if (refused) {
    expect(problem(plainReload)).toContain(`would remove ${present - kept} of ${present} BMCs (node-${kept}`);
  }
  expect(problem(meant)).toBeUndefined();
});

test('what was announced does not count', () => {
  const problem = (present: readonly string[], wanted: readonly string[], removes: readonly string[]) =>
    new RemovalGuard().problem(present, wanted, announced(removes), 0);
  expect(problem(names(1), [], names(1))).toBeUndefined();
  expect(problem(names(6), names(2, 4), names(4))).toBeUndefined();
  expect(problem(names(6), names(1, 5), names(4))).toBeUndefined();
  // The rest of the file has been lost as well.
  expect(problem(names(6), [], names(4))).toBe('would remove 2 of 6 BMCs (node-4, node-5)');
  expect(problem(names(9), names(2, 7), names(2))).toContain('would remove 5 of 9 BMCs');
});

/** Reloads as vbmcd does: the guard is told only of what was applied. */
function reloads(first: readonly string[]) {
  const guard = new RemovalGuard();
  let present = first;
  return (wanted: readonly string[], now: number, request = plainReload): string | undefined => {
    const problem = guard.problem(present, wanted, request, now);
    if (problem !== undefined) return problem;
    guard.accept(present, wanted, request, now);
    present = wanted;
    return undefined;
  };
}

test('a file that shrinks step by step is seen', () => {
  const reload = reloads(names(8));
  expect(reload(names(4), 0)).toBeUndefined();
  expect(reload(names(2), 1_000)).toBe(
    'would remove 2 of 4 BMCs (node-2, node-3), after 4 in the last 10 minutes',
  );
  expect(reload(names(4), 2_000)).toBeUndefined();
  // One that came back counts as present again.
  expect(reload(names(8), 3_000)).toBeUndefined();
  expect(reload(names(5), 4_000)).toBeUndefined();
});

test('after ten minutes only what is present counts', () => {
  const reload = reloads(names(8));
  expect(reload(names(4), 0)).toBeUndefined();
  expect(reload(names(2), REMOVALS_COUNT_MS)).toContain('after 4');
  expect(reload(names(2), REMOVALS_COUNT_MS + 1)).toBeUndefined();
});

test('BMCs are removed one by one by their names, and together when that is meant', () => {
  const byName = reloads(names(8));
  for (let left = 7; left >= 0; left -= 1) {
    expect(byName(names(left), 0, announced([`node-${left}`]))).toBeUndefined();
  }
  const together = reloads(names(8));
  expect(together(names(4), 0)).toBeUndefined();
  expect(together(names(3), 0, meant)).toBeUndefined();
  expect(together(names(1), 0)).toBeUndefined();
  // An announced removal after unannounced ones.
  const mixed = reloads(names(8));
  expect(mixed(names(4), 0)).toBeUndefined();
  expect(mixed(names(3), 0, announced(['node-3']))).toBeUndefined();
});

test('requests that share a reload are joined', () => {
  const one = { allowRemoval: false, removes: ['a'] };
  expect(joinRequests([one, plainReload])).toEqual(one);
  expect(joinRequests([one, { allowRemoval: true, removes: ['b'] }])).toEqual({
    allowRemoval: true,
    removes: ['a', 'b'],
  });
});
