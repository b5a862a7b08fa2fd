import { problemText } from '#supervisor/text/problem.ts';
import { unknownBmcProblem } from '#supervisor/text/unknown-bmc.ts';

test.each([
  [
    ['x'],
    [],
    'No domain with matching name x was found: the inventory has no such BMC: it has no BMC at all',
  ],
  [
    ['x'],
    ['a'],
    'No domain with matching name x was found: the inventory has no such BMC: its only BMC is a (vbmc list shows all)',
  ],
  [
    ['x', 'y\n'],
    ['a', 'b'],
    'No domain with matching name x, y\\u000a was found: the inventory has no such BMC: its 2 BMCs are a, b (vbmc list shows all)',
  ],
  [
    [''],
    ['a', 'b', 'c', 'd', 'e', 'f'],
    'No domain with matching name "" was found: the inventory has no such BMC: its 6 BMCs are a, b, c, d, e, … (vbmc list shows all)',
  ],
])('%j of %j', (unknown, known, text) => {
  expect(problemText(unknownBmcProblem(unknown, known))).toBe(text);
});
