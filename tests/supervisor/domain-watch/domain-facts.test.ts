import { parseVirshEvent } from '#worker/libvirt/virsh-event.ts';
import type { DomainFigures } from '#worker/libvirt/domain-figures.ts';
import { DomainFacts } from '#supervisor/domain-watch/domain-facts.ts';

const running: DomainFigures = {};

function scene() {
  const facts = new DomainFacts();
  const say = (text: string): void => {
    const event = parseVirshEvent(`event ${text}`);
    if (event === undefined) throw new Error(text);
    facts.takeEvent(event);
  };
  const see = (figures: DomainFigures | undefined): void => {
    facts.beginSnapshot();
    facts.endSnapshot(new Map(figures === undefined ? [] : [['a', figures]]));
  };
  return {
    facts,
    of: (nowMs = 0) => facts.of('a', nowMs),
    say: (...changes: readonly string[]) => {
      for (const change of changes) say(`'lifecycle' for domain 'a': ${change}`);
    },
    reboots: () => {
      say("'reboot' for domain 'a'");
    },
    see,
  };
}

describe('how a domain has ended', () => {
  test.each([
    [['Shutdown Finished after guest request', 'Stopped Shutdown'], 'shutdown'],
    [['Shutdown Finished after host request', 'Stopped Shutdown'], 'other'],
    [['Stopped Destroyed'], 'destroyed'],
    [['Stopped Crashed'], 'crashed'],
    [['Stopped Failed'], 'failed'],
    [['Stopped Saved'], 'saved'],
  ])('is told by the events %o: %s', (changes, end) => {
    const { say, of } = scene();
    say('Started Booted', ...changes);
    expect(of()).toEqual({ end });
  });

  test.each([
    [0, 'other'],
    [1, 'shutdown'],
    [2, 'destroyed'],
    [3, 'crashed'],
    [4, 'other'],
    [6, 'failed'],
    [99, 'other'],
  ])('is told by the reason %i where no event did: %s', (offReason, end) => {
    const { see, of } = scene();
    see({ offReason });
    expect(of()).toEqual({ end });
  });

  test('an event tells more than the reason', () => {
    const { say, see, of } = scene();
    say('Shutdown Finished after host request', 'Stopped Shutdown');
    see({ offReason: 1 });
    expect(of()).toEqual({ end: 'other' });
  });

  test('is forgotten when it starts', () => {
    const { say, see, of } = scene();
    say('Stopped Destroyed', 'Started Booted');
    expect(of()).toEqual({});
    see({ offReason: 2 });
    see(running);
    expect(of()).toEqual({});
  });

  test('a snapshot that began before the event does not count', () => {
    const { facts, say, of } = scene();
    facts.beginSnapshot();
    say('Stopped Destroyed');
    facts.endSnapshot(new Map([['a', running]]));
    expect(of()).toEqual({ end: 'destroyed' });
  });

  test('of a domain that is gone nothing is known', () => {
    const { see, of } = scene();
    see({ offReason: 2 });
    see(undefined);
    expect(of()).toEqual({});
  });
});

describe('a panic of the guest', () => {
  test('is known until it boots again', () => {
    const { say, of, reboots } = scene();
    say('Crashed Panicked');
    expect(of()).toEqual({ hasPanicked: true });
    reboots();
    expect(of()).toEqual({});
    say('Crashed Panicked', 'Stopped Crashed');
    expect(of()).toEqual({ hasPanicked: true, end: 'crashed' });
    say('Started Booted');
    expect(of()).toEqual({});
  });

  test('is one while the guest writes its own dump, too', () => {
    const { say, of } = scene();
    say('Crashed Crashloaded');
    expect(of()).toEqual({ hasPanicked: true });
  });
});

describe('a fault of a disk', () => {
  test.each([
    ['Resumed Unpaused', {}],
    ['Stopped Destroyed', { hasDiskFault: true, end: 'destroyed' }],
    ['Started Booted', {}],
  ])('lasts until the domain goes on, or starts anew: %s', (line, facts) => {
    const { facts: known, say, of } = scene();
    known.takeIncident({ kind: 'diskFault', domainName: 'a' });
    expect(of()).toEqual({ hasDiskFault: true });
    say(line);
    expect(of()).toEqual(facts);
  });

  test('is one that has stopped the domain, too', () => {
    const { say, of } = scene();
    say('Suspended I/O Error');
    expect(of()).toEqual({ hasDiskFault: true });
  });
});

describe('the use of processors', () => {
  function withProcessors(processors: number) {
    const made = scene();
    const used = (cpuSeconds: number, nowMs: number): void => {
      made.facts.answer('a', { processors, cpuSeconds }, nowMs);
    };
    made.see(running);
    made.facts.ask('a', { usage: true, disks: true }, 0);
    used(0, 0);
    return { ...made, used };
  }

  test('is that of all processors between two answers', () => {
    const { used, of } = withProcessors(2);
    expect(of(30_000)).toEqual({});
    used(15, 30_000);
    expect(of(30_000)).toEqual({ cpuPercent: 25 });
    used(75, 60_000);
    expect(of(60_000)).toEqual({ cpuPercent: 100 });
  });

  test('is at most all of them: the emulator has threads of its own', () => {
    const { used, of } = withProcessors(1);
    used(33, 30_000);
    expect(of(30_000)).toEqual({ cpuPercent: 100 });
  });

  test('is not told by answers that follow each other closely, nor when it is old', () => {
    const { used, of } = withProcessors(1);
    used(1, 1_000);
    expect(of(1_000)).toEqual({});
    used(10, 20_000);
    used(11, 21_000);
    expect(of(21_000)).toEqual({ cpuPercent: 50 });
    expect(of(110_001)).toEqual({});
  });

  test('begins anew when the domain does', () => {
    const { facts, say, used, of } = withProcessors(1);
    used(10, 20_000);
    say('Stopped Destroyed', 'Started Booted');
    facts.ask('a', { usage: true, disks: true }, 50_000);
    used(1, 50_000);
    expect(of(50_000)).toEqual({});
    // A start that no event has told.
    used(9, 80_000);
    used(2, 110_000);
    expect(of(110_000)).toEqual({});
  });
});

describe('libvirt is asked', () => {
  test('nothing before somebody asks for sensors; then what a running domain has used every 10 s, and for disks every 10 minutes', () => {
    const { facts } = scene();
    const wanted = (nowMs: number, isOn = true): unknown => {
      const { usage, disks } = facts.wanted('a', isOn, nowMs);
      facts.ask('a', { usage, disks }, nowMs);
      return [usage, disks];
    };
    expect(wanted(0)).toEqual([false, false]);
    facts.of('a', 0);
    expect(wanted(0)).toEqual([true, true]);
    expect(wanted(9_999)).toEqual([false, false]);
    expect(wanted(10_000)).toEqual([true, false]);
    expect(wanted(600_000, false)).toEqual([false, true]);
    expect(wanted(3_600_000, false)).toEqual([false, true]);
    expect(wanted(3_600_001)).toEqual([false, false]);
  });

  test('again after 10 s for disks, where it has not answered that', () => {
    const { facts } = scene();
    facts.of('a', 0);
    facts.ask('a', { usage: true, disks: true }, 0);
    facts.answer('a', {}, 1_000);
    expect(facts.wanted('a', true, 10_999).disks).toBe(false);
    expect(facts.wanted('a', true, 11_000).disks).toBe(true);
    facts.ask('a', { usage: true, disks: true }, 11_000);
    facts.answer('a', { hasDisk: true }, 12_000);
    facts.ask('a', { usage: true, disks: false }, 22_000);
    facts.answer('a', {}, 23_000);
    expect(facts.wanted('a', true, 610_999).disks).toBe(false);
  });

  test('anew after a start; what it answers to an earlier question does not count', () => {
    const { facts, say, of } = scene();
    facts.ask('a', { usage: true, disks: true }, 0);
    facts.answer('a', { hasDisk: true }, 0);
    expect(of()).toEqual({ hasDisk: true });
    say('Started Booted');
    expect(facts.wanted('a', true, 1)).toEqual({ usage: true, disks: true });
    facts.answer('a', { hasDisk: false }, 1);
    expect(of()).toEqual({ hasDisk: true });
  });
});
