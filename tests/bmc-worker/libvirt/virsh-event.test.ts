import { isPowerOn, parseVirshEvent, stateAfter } from '#worker/libvirt/virsh-event.ts';

/**
 * As `virsh -q -c qemu:///session "hostname; hostname; event --loop --all"` of libvirt 9.0.0 (Debian 12) printed
 * them into a pipe, of a QEMU domain under `virsh start`, `suspend`, `resume`, `reset`, `destroy`, `shutdown` and a
 * reboot by its guest; those that are marked so are from libvirt's tools/virsh-domain-event.c. An attacker has chosen the name
 * of the second domain.
 */
const recorded: readonly (readonly [event: string, state: string | undefined])[] = [
  ['Resumed Unpaused', 'running'],
  ['Resumed Migrated', 'running'],
  ['Started Booted', 'running'],
  ['Suspended Paused', 'paused'],
  ['Shutdown Finished after host request', 'inShutdown'],
  ['Shutdown Finished after guest request', 'inShutdown'],
  ['Stopped Destroyed', 'shutOff'],
  ['Stopped Shutdown', 'shutOff'],
  ['Stopped Migrated', 'migratedAway'],
  ['Suspended Migrated', 'migrating'],
  ['Started Migrated', 'migrating'],
  ['Suspended I/O Error', 'ioError'],
  ['Crashed Panicked', 'crashed'],
  // Not recorded.
  ...['Saved', 'Failed', 'Crashed', 'Snapshot'].map((detail) => [`Stopped ${detail}`, 'shutOff'] as const),
  ...['Restored', 'Snapshot', 'Event wakeup', 'unknown'].map(
    (detail) => [`Started ${detail}`, 'running'] as const,
  ),
  ...['Watchdog', 'Restored', 'Snapshot', 'API error'].map(
    (detail) => [`Suspended ${detail}`, 'paused'] as const,
  ),
  ...['Snapshot', 'Post-copy', 'Post-copy Error'].map((detail) => [`Resumed ${detail}`, 'running'] as const),
  ['Suspended Post-copy', 'migrating'],
  ['Suspended Post-copy Error', 'migrating'],
  ['PMSuspended Memory', 'pmsuspended'],
  ['PMSuspended Disk', 'pmsuspended'],
  ['Crashed Crashloaded', undefined],
  ...['Added', 'Updated', 'Renamed', 'Snapshot'].map((detail) => [`Defined ${detail}`, undefined] as const),
  ...['Removed', 'Renamed'].map((detail) => [`Undefined ${detail}`, undefined] as const),
];

test.each(recorded)('%s', (text, state) => {
  const event = parseVirshEvent(`event 'lifecycle' for domain 'node-0': ${text}`);
  if (event?.kind !== 'lifecycle') throw new Error('it is a lifecycle event');
  expect(event).toMatchObject({ domainName: 'node-0' });
  expect(`${event.change} ${event.detail ?? ''}`).toBe(text);
  expect(stateAfter(event)).toBe(state);
  expect(isPowerOn(event)).toBe(event.change === 'Started' && text !== 'Started Event wakeup');
});

test("a guest's reboot", () => {
  expect(parseVirshEvent("event 'reboot' for domain 'node-0'")).toEqual({
    kind: 'reboot',
    domainName: 'node-0',
  });
});

test('a name that looks like the rest of a line', () => {
  expect(
    parseVirshEvent("event 'lifecycle' for domain 'o'dd name': Started Booted': Stopped Failed"),
  ).toEqual({
    kind: 'lifecycle',
    domainName: "o'dd name': Started Booted",
    change: 'Stopped',
    detail: 'Failed',
  });
  expect(parseVirshEvent("event 'reboot' for domain 'x' for domain 'y'")).toMatchObject({
    domainName: "x' for domain 'y",
  });
});

test.each([
  '',
  'vm',
  "event 'rtc-change' for domain 'node-0': 12",
  "event 'lifecycle' for domain 'node-0'",
  "event 'lifecycle' for domain '': Started Booted",
  "event 'lifecycle' for domain 'node-0': started",
  'events received: 17',
  '\u0000\u0001event',
])('%j is skipped', (line) => {
  expect(parseVirshEvent(line)).toBeUndefined();
});
