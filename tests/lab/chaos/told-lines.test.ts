import { bugsIn, linesAbout, toldAbout, type LogLine } from './told-lines.ts';

const CUT = 'power cycle by "admin" from 127.0.0.1:40000 was cut';
const lines: readonly LogLine[] = [
  { at: 1_000, text: `2026-01-01T00:00:00.000Z warn  node-1: ${CUT} when its worker ended` },
  {
    at: 2_000,
    text: `2026-01-01T00:00:01.000Z error node-1: ${CUT} and is not finished, the domain stays off: no memory`,
  },
  {
    at: 3_000,
    text: '2026-01-01T00:00:02.000Z warn  node-2: power cycle by "admin" from 127.0.0.1:40000 is not stored: ENOSPC; if',
  },
];
function told(bmc: string, since = 0, reason: string | null = null) {
  return toldAbout(lines, bmc, { since, reason });
}

test('a change that was given up is told by its line, or by its reason', () => {
  expect(told('node-1')).toEqual({ isGivenUp: true, isUnprotected: false });
  expect(told('node-1', 2_500)).toEqual({ isGivenUp: false, isUnprotected: false });
  expect(told('node-1', 2_500, 'no memory').isGivenUp).toBe(true);
});

test('that a change was cut tells nothing of its end', () => {
  expect(toldAbout(lines.slice(0, 1), 'node-1', { since: 0, reason: null }).isGivenUp).toBe(false);
});

test('what is told of another BMC tells nothing', () => {
  expect(told('node-2')).toEqual({ isGivenUp: false, isUnprotected: true });
  expect(told('node-11').isGivenUp).toBe(false);
  expect(linesAbout(lines, 'node-1', 0)).toHaveLength(2);
});

test('bugs of vbmcd and broken rules of workers are found', () => {
  const bug = { at: 0, text: 'error this is a bug of vbmcd, please report it: TypeError' };
  const rule = { at: 0, text: 'error node-1: worker sent a line that is not JSON: x: killed' };
  expect(bugsIn([...lines, bug, rule])).toEqual([bug, rule]);
});
