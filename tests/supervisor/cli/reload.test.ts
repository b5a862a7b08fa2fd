import { exitCodeOf, renderReload } from '../../../packages/supervisor/src/cli/reload.ts';
import type { AppliedReload } from '../../../packages/supervisor/src/core/reload-result.ts';

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
  warnings: [],
  durationMs: 420,
};

test('what was done is counted and named', () => {
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

test('what does not answer is told, with its cause', () => {
  const problems = [{ name: 'n', status: 'bindFailed', reason: 'port 1/udp is in use' }] as const;
  expect(renderReload({ ...applied, problems })).toContain('n is bindFailed: port 1/udp is in use\n');
});

test('exit codes', () => {
  expect(exitCodeOf(applied)).toBe(0);
  expect(exitCodeOf({ outcome: 'rejected', errors: ['e'], warnings: [] })).toBe(5);
  expect(exitCodeOf({ ...applied, problems: [{ name: 'n', status: 'starting', reason: '' }] })).toBe(6);
});
