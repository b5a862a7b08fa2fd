import { renderStatus } from '#supervisor/cli/commands/status.ts';

const status = {
  ...{ version: '1.0.0', pid: 7, startedAt: '2026-01-01T00:00:00.000Z', uptimeSeconds: 60 },
  ...{ inventoryPath: '/etc/vbmc/domains.ini', virtualBmc: null, lastReload: null },
  bmcs: { total: 2, byStatus: { running: 2 } },
};

test('has a line for each connection that is kept', () => {
  const printed = renderStatus({
    ...status,
    keptConnections: [
      { connectionUri: 'qemu+ssh://hv1/system', state: 'standing', seconds: 120, cause: null },
      { connectionUri: 'qemu+ssh://hv2/system', state: 'pausing', seconds: 4, cause: 'Connection refused' },
    ],
  });
  const lines = printed.split('\n').filter((line) => line.startsWith('kept:'));
  expect(lines[0]).toMatch(/^kept: +qemu\+ssh:\/\/hv1\/system stands for 2 min/);
  expect(lines[1]).toMatch(/^kept: +qemu\+ssh:\/\/hv2\/system no connection for 4.* s: Connection refused$/);
});

test('does without them, from a vbmcd of an earlier version', () => {
  expect(renderStatus(status)).not.toContain('kept:');
});
