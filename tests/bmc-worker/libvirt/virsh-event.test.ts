import { parseVirshEvent, stateAfter } from '#worker/libvirt/virsh-event.ts';

/**
 * As `virsh -q -c qemu:///session "hostname; hostname; event --loop --all"` of libvirt 9.0.0 (Debian 12) printed
 * them into a pipe, of a QEMU domain under `virsh start`, `suspend`, `resume`, `reset`, `destroy`, `shutdown` and a
 * reboot by its guest. An attacker has chosen the name of the second domain.
 */
const recorded: readonly (readonly [line: string, change: string])[] = [
  ["event 'lifecycle' for domain 'node-0': Resumed Unpaused", 'Resumed'],
  ["event 'lifecycle' for domain 'node-0': Started Booted", 'Started'],
  ["event 'lifecycle' for domain 'node-0': Suspended Paused", 'Suspended'],
  ["event 'lifecycle' for domain 'node-0': Shutdown Finished after host request", 'Shutdown'],
  ["event 'lifecycle' for domain 'node-0': Shutdown Finished after guest request", 'Shutdown'],
  ["event 'lifecycle' for domain 'node-0': Stopped Destroyed", 'Stopped'],
  ["event 'lifecycle' for domain 'node-0': Stopped Shutdown", 'Stopped'],
  ["event 'lifecycle' for domain 'node-0': Stopped Migrated", 'Stopped Migrated'],
];

test.each(recorded)('%s', (line, change) => {
  expect(parseVirshEvent(line)).toEqual({ kind: 'lifecycle', domainName: 'node-0', change });
  expect(stateAfter.has(change)).toBe(true);
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

test.each(['Defined', 'Undefined'])('%s implies no state', (change) => {
  expect(stateAfter.has(change)).toBe(false);
});
