import type { DomainEnd, LogFact, LoggedPower } from '@vbmc/bmc-worker/ipc';
import { parseVirshEvent, parseVirshIncident } from '@vbmc/bmc-worker/libvirt';
import { FactsOfDomain } from '#supervisor/event-log/facts-of-domain.ts';

class Scene {
  now = 0;
  readonly domain: FactsOfDomain;

  constructor(power: LoggedPower | undefined) {
    this.domain = new FactsOfDomain(power);
  }

  /** Lines of `virsh event`, without the part that is always the same; in short words what is recorded. */
  lines(...lines: string[]): string[] {
    return lines.flatMap((text) => {
      const [kind = '', ...rest] = text.split(' ');
      const line = `event '${kind}' for domain 'a'${rest.length > 0 ? `: ${rest.join(' ')}` : ''}`;
      const event = parseVirshEvent(line);
      const incident = parseVirshIncident(kind === 'memory-failure' ? `${line}:` : line);
      if (event !== undefined) return this.domain.takeEvent(event, this.now).map(words);
      if (incident !== undefined) return this.domain.takeIncident(incident).map(words);
      throw new Error(line);
    });
  }
}

function words(fact: LogFact): string {
  return Object.values(fact).join(' ');
}

// As libvirt 9.0 prints them for a QEMU domain.
test.each<[string, string[], string[]]>([
  ['a start', ['lifecycle Resumed Unpaused', 'lifecycle Started Booted'], ['booted start', 'power working']],
  ['virsh destroy', ['lifecycle Stopped Destroyed'], ['power forcedOff']],
  [
    'a guest that switches itself off',
    ['lifecycle Shutdown Finished after guest request', 'lifecycle Stopped Shutdown'],
    ['osStopped shutdown', 'power softOff'],
  ],
  ['an end by the host', ['lifecycle Shutdown Finished after host request'], []],
  [
    'a panic',
    ['lifecycle Crashed Panicked', 'lifecycle Stopped Crashed'],
    ['osStopped panic', 'power forcedOff'],
  ],
  ['a guest in S3', ['lifecycle PMSuspended Memory'], ['power suspendedToRam']],
  ['managed save', ['lifecycle Stopped Saved'], ['power suspendedToDisk']],
  ['virsh suspend', ['lifecycle Suspended Paused', 'lifecycle Resumed Unpaused'], []],
  [
    'an I/O error that is repaired',
    [
      'io-error /images/a (1) (virtio-disk0) pause',
      'lifecycle Suspended I/O Error',
      'lifecycle Resumed Unpaused',
    ],
    ['diskFault', 'diskFault true'],
  ],
  ['a QEMU that could not go on', ['lifecycle Stopped Failed'], ['power forcedOff']],
  ['a watchdog device', ['watchdog reset'], ['watchdog reset']],
  ['a watchdog device that pauses', ['watchdog pause'], ['watchdog none']],
  ['a memory failure', ['memory-failure'], ['memoryFailure']],
  ['a definition', ['lifecycle Defined Updated'], []],
  ['a migration to another host', ['lifecycle Stopped Migrated'], []],
])('%s', (name, lines, facts) => {
  const isStart = name === 'a start';
  expect(new Scene(isStart ? 'softOff' : 'working').lines(...lines)).toEqual(facts);
});

test('one reset is reported three times, and recorded once', () => {
  const scene = new Scene('working');
  expect(scene.lines('reboot', 'reboot', 'reboot')).toEqual(['booted guest']);
  scene.now = 2_000;
  expect(scene.lines('reboot')).toEqual(['booted guest']);
  expect(scene.domain.startCause).toBe('guestReset');
});

test('a reset by the BMC is one, also when libvirt reports it late; one after that is not', () => {
  const scene = new Scene('working');
  scene.domain.noteOwnReset('command', 0);
  scene.domain.noteOwnReset(undefined, 100);
  scene.now = 2_099;
  expect(scene.lines('reboot')).toEqual(['booted reset']);
  expect(scene.domain.startCause).toBe('command');
  scene.now = 4_200;
  expect(scene.lines('reboot')).toEqual(['booted guest']);
});

test('a reset whose end nobody reports does not make later ones those of the BMC', () => {
  const scene = new Scene('working');
  scene.domain.noteOwnReset('command', 0);
  scene.now = 60_000;
  expect(scene.lines('reboot')).toEqual(['booted guest']);
});

test('a reset by the watchdog timer has its own cause', () => {
  const scene = new Scene('working');
  scene.domain.noteOwnReset('watchdog', 0);
  scene.now = 50;
  expect(scene.lines('reboot')).toEqual(['booted reset']);
  expect(scene.domain.startCause).toBe('watchdog');
  scene.now = 60_000;
  expect(scene.lines('reboot')).toEqual(['booted guest']);
  expect(scene.domain.startCause).toBe('guestReset');
});

test('the cause of a start is the one of the BMC while that starts the domain', () => {
  const scene = new Scene('softOff');
  scene.domain.noteOwnStart('policyAlwaysOn', scene.now);
  scene.lines('lifecycle Started Booted');
  expect(scene.domain.startCause).toBe('policyAlwaysOn');
  scene.domain.noteOwnStart(undefined, scene.now);
  scene.lines('lifecycle Stopped Destroyed', 'lifecycle Started Booted');
  expect(scene.domain.startCause).toBe('other');
});

test.each([
  [4_999, 'command'],
  [5_000, 'other'],
])('an event %d ms after libvirt has answered the BMC that started the domain: %s', (lateMs, cause) => {
  const scene = new Scene('softOff');
  scene.domain.noteOwnStart('command', scene.now);
  scene.domain.noteOwnStart(undefined, scene.now);
  scene.now += lateMs;
  scene.lines('lifecycle Started Booted');
  expect(scene.domain.startCause).toBe(cause);
});

test('what changed while nobody listened follows from the state; the first state is no news', () => {
  const { domain } = new Scene(undefined);
  expect(domain.takeState('running')).toEqual([]);
  expect(domain.isOn).toBe(true);
  expect(domain.takeState('paused')).toEqual([]);
  expect(domain.takeState('migratedAway')).toEqual([]);
  expect(domain.takeState('shutOff').map(words)).toEqual(['power softOff']);
  expect(domain.takeState('running').map(words)).toEqual(['power working']);
  expect(new FactsOfDomain('forcedOff').takeState('shutOff')).toEqual([]);
});

test.each<[DomainEnd | undefined, string]>([
  ['shutdown', 'power softOff'],
  ['destroyed', 'power forcedOff'],
  ['crashed', 'power forcedOff'],
  ['failed', 'power forcedOff'],
  ['saved', 'power suspendedToDisk'],
  ['other', 'power softOff'],
  [undefined, 'power softOff'],
])('a domain that nobody saw end (%s) is recorded with how it has ended', (end, expected) => {
  expect(new FactsOfDomain('working').takeState('shutOff', end).map(words)).toEqual([expected]);
});

test('a guest that has panicked while nobody listened is recorded once, until it boots again', () => {
  const { domain } = new Scene('working');
  expect(domain.takeState('crashed').map(words)).toEqual(['osStopped panic']);
  expect(domain.takeState('crashed')).toEqual([]);
  expect(new FactsOfDomain('working', true).takeState('crashed')).toEqual([]);
  const scene = new Scene('working');
  expect(scene.lines('lifecycle Crashed Panicked', 'lifecycle Crashed Panicked')).toEqual([
    'osStopped panic',
  ]);
  expect(scene.domain.takeState('crashed')).toEqual([]);
  expect(scene.lines('reboot', 'lifecycle Crashed Panicked')).toEqual(['booted guest', 'osStopped panic']);
});

test('an error of a disk that QEMU ignores is no fault', () => {
  expect(
    parseVirshIncident("event 'io-error' for domain 'a': /images/a (virtio-disk0) none"),
  ).toBeUndefined();
});
