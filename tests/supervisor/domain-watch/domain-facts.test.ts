import { parseVirshEvent } from '#worker/libvirt/virsh-event.ts';
import type { DomainFigures } from '#worker/libvirt/domain-figures.ts';
import { DomainFacts } from '#supervisor/domain-watch/domain-facts.ts';

const running: DomainFigures = { cpuTimeNs: 1e9 };

function scene() {
  const facts = new DomainFacts();
  const say = (text: string): void => {
    const event = parseVirshEvent(`event ${text}`);
    if (event === undefined) throw new Error(text);
    facts.takeEvent(event);
  };
  const see = (figures: DomainFigures | undefined, nowMs = 0): void => {
    facts.beginSnapshot();
    facts.endSnapshot(new Map(figures === undefined ? [] : [['a', figures]]), nowMs);
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
    [['Stopped Saved'], 'other'],
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
    facts.endSnapshot(new Map([['a', running]]), 0);
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

  test('is none while the guest writes its own dump', () => {
    const { say, of } = scene();
    say('Crashed Crashloaded');
    expect(of()).toEqual({});
  });
});

describe('the use of processors', () => {
  const used = (seconds: number): DomainFigures => ({ cpuTimeNs: seconds * 1e9 });

  function withProcessors(processors: number) {
    const made = scene();
    made.see(used(0), 0);
    made.facts.askForTraits('a', 0);
    made.facts.takeTraits('a', { processors });
    return made;
  }

  test('is that of all processors between two snapshots', () => {
    const { see, of } = withProcessors(2);
    expect(of(30_000)).toEqual({});
    see(used(15), 30_000);
    expect(of(30_000)).toEqual({ cpuPercent: 25 });
    see(used(75), 60_000);
    expect(of(60_000)).toEqual({ cpuPercent: 100 });
  });

  test('is at most all of them: the emulator has threads of its own', () => {
    const { see, of } = withProcessors(1);
    see(used(33), 30_000);
    expect(of(30_000)).toEqual({ cpuPercent: 100 });
  });

  test('is not told by snapshots that follow each other closely, nor when it is old', () => {
    const { see, of } = withProcessors(1);
    see(used(1), 1_000);
    expect(of(1_000)).toEqual({});
    see(used(10), 20_000);
    see(used(11), 21_000);
    expect(of(21_000)).toEqual({ cpuPercent: 50 });
    expect(of(110_001)).toEqual({});
  });

  test('begins anew when the domain does', () => {
    const { say, see, of } = withProcessors(1);
    see(used(10), 20_000);
    say('Stopped Destroyed', 'Started Booted');
    see(used(1), 50_000);
    expect(of(50_000)).toEqual({});
    // A start that no event has told.
    see(used(9), 80_000);
    see(used(2), 110_000);
    expect(of(110_000)).toEqual({});
  });

  test('is unknown without the number of processors', () => {
    const { see, of } = scene();
    see(used(0), 0);
    see(used(10), 20_000);
    expect(of(20_000)).toEqual({});
  });
});

describe('what a domain is made of', () => {
  test('is asked for after each start, and every ten minutes', () => {
    const { facts, say, see, of } = scene();
    see(running);
    expect(facts.lacksTraits('a', 0)).toBe(true);
    facts.askForTraits('a', 0);
    expect(facts.lacksTraits('a', 599_999)).toBe(false);
    facts.takeTraits('a', { hasDisk: true });
    expect(of()).toEqual({ hasDisk: true });
    expect(facts.lacksTraits('a', 600_000)).toBe(true);
    facts.askForTraits('a', 600_000);
    say('Started Booted');
    expect(facts.lacksTraits('a', 600_000)).toBe(true);
    // The answer to a question before the start.
    facts.takeTraits('a', { hasDisk: false });
    expect(of()).toEqual({ hasDisk: true });
  });
});
