import { exitCodeOf, renderReload } from '#supervisor/cli/commands/reload.ts';
import { renderProblems } from '#supervisor/cli/change-inventory.ts';
import type { AppliedReload, ReloadProblem } from '#supervisor/fleet/reload-result.ts';

const applied: AppliedReload = {
  outcome: 'applied',
  added: ['n'],
  removed: [],
  changed: [],
  updated: ['a', 'b'],
  started: [],
  stopped: [],
  unchanged: ['c'],
  problems: [],
  refused: [],
  warnings: [],
  durationMs: 420,
};

const inUse: ReloadProblem = {
  name: 'n',
  status: 'bindFailed',
  reason: 'port 1/udp is in use',
  awaitsAddress: false,
};
const late: ReloadProblem = {
  name: 'l',
  status: 'bindFailed',
  reason: 'waiting for 192.0.2.1',
  awaitsAddress: true,
};

test('prints the counts and the names of the BMCs that were touched', () => {
  expect(renderReload(applied)).toBe(
    [
      'reloaded in 0.42 s: 1 added, 2 updated, 1 unchanged',
      '  added    n',
      '  updated  a',
      '  updated  b',
      '',
    ].join('\n'),
  );
});

test('prints the BMCs that do not answer, with the cause', () => {
  expect(renderProblems([inUse, late])).toBe(
    'vbmc: n is bindFailed: port 1/udp is in use\nvbmc: l is bindFailed: waiting for 192.0.2.1\n',
  );
});

test('exit codes', () => {
  expect(exitCodeOf(applied)).toBe(0);
  expect(exitCodeOf({ outcome: 'rejected', errors: ['e'], warnings: [] })).toBe(5);
  expect(exitCodeOf({ ...applied, problems: [inUse] })).toBe(6);
  expect(exitCodeOf({ ...applied, problems: [late] })).toBe(0);
  expect(exitCodeOf({ ...applied, problems: [late, inUse] })).toBe(6);
});
