import { DomainStates } from '#supervisor/domain-watch/domain-states.ts';
import type { VirshEvent } from '#worker/libvirt/virsh-event.ts';

function lifecycle(text: string, domainName = 'a'): VirshEvent {
  const [change = '', detail] = text.split(/ (.*)/);
  return { kind: 'lifecycle', domainName, change, ...(detail !== undefined && { detail }) };
}

function knowing(): DomainStates {
  const states = new DomainStates();
  states.beginSnapshot();
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
  expect(states.get('a')).toBe(domainState);
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
  states.beginSnapshot();
  states.endSnapshot(new Map([['b', 'running']]));
  expect([states.get('a'), states.get('b'), states.size]).toEqual([undefined, 'running', 1]);
});

test('a domain that is off is gone with its definition; a snapshot that began before does not bring it back', () => {
  const states = knowing();
  states.beginSnapshot();
  expect(states.forgetIfOff('a')).toBe(true);
  states.endSnapshot(new Map([['a', 'shutOff']]));
  expect(states.get('a')).toBeUndefined();
});

test('a domain that runs goes on without its definition', () => {
  const states = knowing();
  states.take(lifecycle('Started'));
  expect(states.forgetIfOff('a')).toBe(false);
  expect(states.get('a')).toBe('running');
});

test('an event since its begin overrides the snapshot', () => {
  const states = knowing();
  states.beginSnapshot();
  states.take(lifecycle('Started'));
  states.take(lifecycle('Stopped', 'new'));
  states.endSnapshot(
    new Map([
      ['a', 'shutOff'],
      ['b', 'paused'],
    ]),
  );
  expect([states.get('a'), states.get('b'), states.get('new')]).toEqual(['running', 'paused', 'shutOff']);
});

describe('a question about one domain while a snapshot is under way', () => {
  const old = new Map([['a', 'shutOff']] as const);

  /** A snapshot that has read `a` before it was started. */
  function startedDuringSnapshot(): DomainStates {
    const states = knowing();
    states.beginSnapshot();
    states.take(lifecycle('Started'));
    return states;
  }

  test.each([
    ['is open when the snapshot ends', undefined],
    ['is answered', 'running'],
  ] as const)('%s: the event before it still overrides the snapshot', (_, answer) => {
    const states = startedDuringSnapshot();
    states.beginQuestion('a');
    if (answer !== undefined) states.endQuestion('a', answer);
    states.endSnapshot(old);
    expect(states.get('a')).toBe('running');
  });

  test('its answer overrides the snapshot, which may have read the domain before', () => {
    const states = knowing();
    states.beginSnapshot();
    states.beginQuestion('a');
    states.endQuestion('a', 'paused');
    states.endSnapshot(old);
    expect(states.get('a')).toBe('paused');
  });

  test('and fails: the snapshot counts', () => {
    const states = knowing();
    states.beginSnapshot();
    states.beginQuestion('a');
    states.endQuestion('a', undefined);
    states.endSnapshot(old);
    expect(states.get('a')).toBe('shutOff');
  });

  test('was asked before it: the snapshot counts', () => {
    const states = knowing();
    states.beginQuestion('a');
    states.beginSnapshot();
    states.endQuestion('a', 'paused');
    states.endSnapshot(old);
    expect(states.get('a')).toBe('shutOff');
  });
});

test('an event overrides a question that was asked before', () => {
  const states = knowing();
  states.beginQuestion('a');
  states.take(lifecycle('Started'));
  states.beginSnapshot();
  states.endQuestion('a', 'shutOff');
  expect(states.get('a')).toBe('running');
});

test('an answer to what was asked before the event stream began tells only of a domain that is not known', () => {
  const states = knowing();
  states.endQuestion('a', 'running');
  states.endQuestion('b', 'running');
  expect([states.get('a'), states.get('b')]).toEqual(['shutOff', 'running']);
});
