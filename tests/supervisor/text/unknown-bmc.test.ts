import { problemText } from '#supervisor/text/problem.ts';
import { unknownBmcProblem } from '#supervisor/text/unknown-bmc.ts';

test.each([
  [['x'], [], 'there is no BMC x in the inventory: it has no BMC at all'],
  [['x'], ['a'], 'there is no BMC x in the inventory: its only BMC is a (vbmc list shows all)'],
  [
    ['x', 'y\n'],
    ['a', 'b'],
    'there is no BMC x, y\\u000a in the inventory: its 2 BMCs are a, b (vbmc list shows all)',
  ],
  [
    [''],
    ['a', 'b', 'c', 'd', 'e', 'f'],
    'there is no BMC "" in the inventory: its 6 BMCs are a, b, c, d, e, … (vbmc list shows all)',
  ],
])('%j of %j', (unknown, known, text) => {
  expect(problemText(unknownBmcProblem(unknown, known))).toBe(text);
});
