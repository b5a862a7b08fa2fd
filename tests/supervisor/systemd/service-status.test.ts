import type { ReloadResult } from '#supervisor/fleet/reload-result.ts';
import { describeService } from '#supervisor/systemd/service-status.ts';

function rejected(...errors: string[]): ReloadResult {
  return { outcome: 'rejected', errors, warnings: [] };
}

test.each([
  ['no BMC', { total: 0, byStatus: {} }, undefined, '0 BMCs'],
  ['one', { total: 1, byStatus: { running: 1 } }, undefined, '1 BMC: 1 running'],
  [
    'some',
    { total: 3, byStatus: { running: 2, bindFailed: 1 } },
    undefined,
    '3 BMCs: 2 running, 1 bindFailed',
  ],
  [
    'a rejected reload',
    { total: 1, byStatus: { running: 1 } },
    rejected('/etc/vbmc/domains.ini:9: [a] port: 70000\nnot a port', 'another'),
    String.raw`1 BMC: 1 running; reload rejected: /etc/vbmc/domains.ini:9: [a] port: 70000\u000anot a port (and 1 more)`,
  ],
] as const)('%s', (_what, bmcs, lastReload, text) => {
  expect(describeService(bmcs, lastReload)).toBe(text);
});
