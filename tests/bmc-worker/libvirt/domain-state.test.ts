import { parseDomainState } from '#worker/libvirt/domain-state.ts';

test.each([
  ['no state', 'noState'],
  ['running', 'running'],
  ['idle', 'idle'],
  ['paused', 'paused'],
  ['in shutdown', 'inShutdown'],
  ['dying', 'inShutdown'],
  ['shut off', 'shutOff'],
  ['crashed', 'crashed'],
  ['pmsuspended', 'pmsuspended'],
  ['running (booted)', 'running'],
  ['paused (I/O error)', 'ioError'],
  ['shut off (destroyed)', 'shutOff'],
  ['shut off (migrated)', 'migratedAway'],
  ['no state (unknown)', 'noState'],
])('virsh domstate prints %s', (text, state) => {
  expect(parseDomainState(`${text}\n\n`)).toBe(state);
});

test.each([
  '',
  '\n',
  'Running',
  'running paused',
  '(migrated)',
  'shut off(migrated)x',
  'läuft',
  'constructor',
  'toString',
  '\u0000\u0001',
])('and %j is no state', (text) => {
  expect(parseDomainState(text)).toBeUndefined();
});
