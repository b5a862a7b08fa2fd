import { DomainStates } from '#supervisor/domain-watch/domain-states.ts';
import type { DomainState } from '#worker/ipc/protocol.ts';
import type { VirshEvent } from '#worker/libvirt/virsh-event.ts';

function lifecycle(text: string, domainName = 'a'): VirshEvent {
  const [change = '', detail] = text.split(/ (.*)/);
  return { kind: 'lifecycle', domainName, change, ...(detail !== undefined && { detail }) };
}

function stateOf(states: DomainStates, domainName: string): DomainState | undefined {
  return states.get(domainName)?.domainState;
}

function knowing(): DomainStates {
  const states = new DomainStates();
  states.beginSnapshot(0);
  states.endSnapshot(new Map([['a', 'shutOff']]));
  return states;
}

test.each([
  ['Started', 'running', 'started'],
  ['Resumed', 'running', undefined],
  ['Suspended', 'paused', undefined],
  ['PMSuspended', 'pmsuspended', undefined],
  ['Shutdown', 'inShutdown', undefined],
  ['Crashed Panicked', 'crashed', undefined],
  ['Suspended I/O Error', 'ioError', undefined],
  ['Started Event wakeup', 'running', undefined],
] as const)('%s: %s', (change, domainState, event) => {
  const states = knowing();
  expect(states.take(lifecycle(change))).toEqual({ domainName: 'a', domainState, ...(event && { event }) });
  expect(stateOf(states, 'a')).toBe(domainState);
});

test('an event that changes no state is not passed on, except a start', () => {
  const states = knowing();
  expect(states.take(lifecycle('Stopped'))).toBeUndefined();
  expect(states.take(lifecycle('Defined'))).toBeUndefined();
  expect(states.take(lifecycle('Resumed'))).toMatchObject({ domainState: 'running' });
  expect(states.take(lifecycle('Started'))).toMatchObject({ domainState: 'running', event: 'started' });
});

test('a reboot changes no state', () => {
  const states = knowing();
  states.take(lifecycle('Started'));
  states.take(lifecycle('Suspended'));
  const reboot = { kind: 'reboot', domainName: 'a' } as const;
  expect(states.take(reboot)).toEqual({ domainName: 'a', domainState: 'paused', event: 'rebooted' });
});

test('a snapshot overrides the events before its begin', () => {
  const states = knowing();
  states.take(lifecycle('Started'));
  states.beginSnapshot(0);
  states.endSnapshot(new Map([['b', 'running']]));
  expect([stateOf(states, 'a'), stateOf(states, 'b'), states.size]).toEqual([undefined, 'running', 1]);
});

test('a domain that is off is gone with its definition; a snapshot that began before does not bring it back', () => {
  const states = knowing();
  states.beginSnapshot(0);
  expect(states.forgetIfOff('a')).toBe(true);
  states.endSnapshot(new Map([['a', 'shutOff']]));
  expect(stateOf(states, 'a')).toBeUndefined();
});

test('a domain that runs goes on without its definition', () => {
  const states = knowing();
  states.take(lifecycle('Started'));
  expect(states.forgetIfOff('a')).toBe(false);
  expect(stateOf(states, 'a')).toBe('running');
});

test('an event since its begin overrides the snapshot', () => {
  const states = knowing();
  states.beginSnapshot(0);
  states.take(lifecycle('Started'));
  states.take(lifecycle('Stopped', 'new'));
  states.endSnapshot(
    new Map([
      ['a', 'shutOff'],
      ['b', 'paused'],
    ]),
  );
  expect([stateOf(states, 'a'), stateOf(states, 'b'), stateOf(states, 'new')]).toEqual([
    'running',
    'paused',
    'shutOff',
  ]);
});

describe('a question about one domain while a snapshot is under way', () => {
  const old = new Map([['a', 'shutOff']] as const);

  /** A snapshot that has read `a` before it was started. */
  function startedDuringSnapshot(): DomainStates {
    const states = knowing();
    states.beginSnapshot(0);
    states.take(lifecycle('Started'));
    return states;
  }

  test.each([
    ['is open when the snapshot ends', undefined],
    ['is answered', 'running'],
  ] as const)('%s: the event before it still overrides the snapshot', (_, answer) => {
    const states = startedDuringSnapshot();
    states.beginQuestion('a', 0);
    if (answer !== undefined) states.endQuestion('a', answer);
    states.endSnapshot(old);
    expect(stateOf(states, 'a')).toBe('running');
  });

  test('its answer overrides the snapshot, which may have read the domain before', () => {
    const states = knowing();
    states.beginSnapshot(0);
    states.beginQuestion('a', 0);
    states.endQuestion('a', 'paused');
    states.endSnapshot(old);
    expect(stateOf(states, 'a')).toBe('paused');
  });

  test('and fails: the snapshot counts', () => {
    const states = knowing();
    states.beginSnapshot(0);
    states.beginQuestion('a', 0);
    states.endQuestion('a', undefined);
    states.endSnapshot(old);
    expect(stateOf(states, 'a')).toBe('shutOff');
  });

  test('was asked before it: the snapshot counts', () => {
    const states = knowing();
    states.beginQuestion('a', 0);
    states.beginSnapshot(0);
    states.endQuestion('a', 'paused');
    states.endSnapshot(old);
    expect(stateOf(states, 'a')).toBe('shutOff');
  });
});

test('an event overrides a question that was asked before', () => {
  const states = knowing();
  states.beginQuestion('a', 0);
  states.take(lifecycle('Started'));
  states.beginSnapshot(0);
  states.endQuestion('a', 'shutOff');
  expect(stateOf(states, 'a')).toBe('running');
});

test('an answer to what was asked before the event stream began tells nothing: events may be missing', () => {
  const states = knowing();
  states.endQuestion('a', 'running');
  states.endQuestion('b', 'running');
  expect([stateOf(states, 'a'), stateOf(states, 'b')]).toEqual(['shutOff', undefined]);
});

test.each(['running', undefined] as const)(
  'an answer (%s) that comes after a snapshot that began later tells nothing',
  (answer) => {
    const states = knowing();
    states.beginQuestion('a', 1);
    states.beginSnapshot(2);
    states.endSnapshot(new Map([['a', 'shutOff']]));
    states.endQuestion('a', answer);
    expect(states.get('a')).toEqual({ domainState: 'shutOff', askedAtMs: 2 });
  },
);

test('what is known comes with the moment of its question, and an event without one', () => {
  const states = new DomainStates();
  states.beginSnapshot(10);
  states.beginQuestion('b', 11);
  states.endQuestion('b', 'running');
  states.take(lifecycle('Stopped', 'c'));
  states.endSnapshot(new Map([['a', 'shutOff']]));
  expect(['a', 'b', 'c'].map((name) => states.get(name))).toEqual([
    { domainState: 'shutOff', askedAtMs: 10 },
    { domainState: 'running', askedAtMs: 11 },
    { domainState: 'shutOff' },
  ]);
});

test('what was known of a domain is forgotten when libvirt stops to answer about it; later events count', () => {
  const states = knowing();
  states.beginQuestion('a', 1);
  states.doubt('a');
  expect(states.get('a')).toBeUndefined();
  states.endQuestion('a', 'paused');
  expect(stateOf(states, 'a')).toBe('paused');
  states.doubt('a');
  states.take(lifecycle('Started'));
  expect(stateOf(states, 'a')).toBe('running');
});
