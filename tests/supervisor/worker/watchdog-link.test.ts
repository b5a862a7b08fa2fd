/** The watchdog timer of a BMC: when it expires, when it stops, and what a new worker still has to do. */
import {
  WATCHDOG_TIMER,
  type DomainEvent,
  type DomainFailureKind,
  type DomainState,
} from '@vbmc/bmc-worker/ipc';
import { deviceLinkScene, type DeviceLinkScene } from '#support/supervisor/device-link-scene.ts';

const set = {
  type: 'watchdogSet',
  requestId: 1,
  use: 'smsOs',
  action: 'powerCycle',
  initialCountdown: 100,
  clearFlags: 0x3e,
} as const;
const start = { type: 'watchdogStart', requestId: 2 } as const;
const expiry = { use: 'smsOs', effect: 'powerCycle', dontLog: false, hasNmi: false } as const;
const done = {
  kind: 'domainActionFinished',
  action: 'chassisControl',
  description: 'power cycle',
  user: '',
  source: WATCHDOG_TIMER,
  durationMs: 1,
} as const;

function running(given: object = {}): DeviceLinkScene {
  const scene = deviceLinkScene();
  scene.link.open();
  scene.link.take({ ...set, ...given });
  scene.link.take(start);
  scene.sent.splice(0);
  return scene;
}

function stateOf({ link, sent }: DeviceLinkScene): unknown {
  link.take({ type: 'watchdogRead', requestId: 9 });
  const answer = sent.pop();
  return answer?.type === 'deviceAnswered' ? answer.watchdog : undefined;
}

function expired({ sent }: DeviceLinkScene): readonly unknown[] {
  return sent.filter(({ type }) => type === 'watchdogExpired');
}

test('a timer that was never set does not start', () => {
  const { link, sent, watching } = deviceLinkScene();
  link.take(start);
  expect(sent).toEqual([{ type: 'deviceAnswered', requestId: 2 }]);
  expect(watching.size).toBe(0);
});

test('it expires once, at its time, and tells so', () => {
  const scene = running();
  scene.clock.advance(4_000);
  expect(stateOf(scene)).toMatchObject({ isRunning: true, initialCountdown: 100, presentCountdown: 60 });
  scene.clock.advance(5_999);
  expect(expired(scene)).toEqual([]);
  scene.clock.advance(1);
  expect(expired(scene)).toEqual([{ type: 'watchdogExpired', isKnown: false, ...expiry }]);
  expect(stateOf(scene)).toMatchObject({ isRunning: false, presentCountdown: 0, expirationFlags: 0x10 });
  scene.clock.advance(1e6);
  expect(expired(scene)).toHaveLength(1);
});

test('to start it again is to begin at the start', () => {
  const scene = running();
  for (let time = 0; time < 20; time += 1) {
    scene.clock.advance(9_000);
    scene.link.take(start);
  }
  expect(expired(scene)).toEqual([]);
  scene.clock.advance(10_000);
  expect(expired(scene)).toHaveLength(1);
});

test('to set it stops it, unless it is to go on', () => {
  const scene = running();
  scene.link.take({ ...set, dontStop: true, initialCountdown: 50 });
  expect(stateOf(scene)).toMatchObject({ isRunning: true, presentCountdown: 50 });
  scene.link.take(set);
  expect(stateOf(scene)).toMatchObject({ isRunning: false, presentCountdown: 100 });
  scene.clock.advance(1e6);
  expect(expired(scene)).toEqual([]);
});

test('the NMI comes before the expiry', () => {
  const scene = running({ nmiSeconds: 3 });
  scene.clock.advance(7_000);
  expect(expired(scene)).toMatchObject([{ effect: 'nmi', hasNmi: true }]);
  scene.clock.advance(3_000);
  expect(expired(scene)).toMatchObject([{ effect: 'nmi' }, { effect: 'powerCycle' }]);
});

test.each<[DomainState, DomainEvent | undefined]>([
  ['shutOff', undefined],
  ['paused', undefined],
  ['pmsuspended', undefined],
  ['migrating', undefined],
  ['running', 'rebooted'],
  ['running', 'started'],
])('it stops when the domain is %s (%s)', (domainState, event) => {
  const scene = running();
  scene.clock.advance(1_000);
  scene.tellDomain(domainState, event);
  expect(stateOf(scene)).toMatchObject({ isRunning: false, presentCountdown: 90, expirationFlags: 0 });
  scene.clock.advance(1e6);
  expect(expired(scene)).toEqual([]);
  expect(scene.watching.size).toBe(0);
});

test.each<DomainState>(['running', 'crashed', 'inShutdown'])(
  'it goes on while the domain is %s',
  (domainState) => {
    const scene = running();
    scene.tellDomain(domainState);
    scene.clock.advance(10_000);
    expect(expired(scene)).toHaveLength(1);
  },
);

test('a new worker does what its predecessor has not done, and reports it once', () => {
  const scene = running();
  scene.link.close(false);
  scene.clock.advance(10_000);
  expect(expired(scene)).toEqual([]);
  scene.link.open();
  expect(expired(scene)).toMatchObject([{ isKnown: false }]);
  scene.link.noteEvents([{ kind: 'watchdogExpired', use: 'smsOs', effect: 'powerCycle' }]);
  scene.link.close(false);
  scene.link.open();
  expect(expired(scene)).toMatchObject([{ isKnown: false }, { isKnown: true }]);
  scene.link.noteEvents([done]);
  scene.link.close(false);
  scene.link.open();
  expect(expired(scene)).toHaveLength(2);
  expect(scene.watching.size).toBe(0);
});

test('a domain that has started meanwhile is left alone by the next worker', () => {
  const scene = running();
  scene.link.close(false);
  scene.clock.advance(10_000);
  scene.tellDomain('running', 'started');
  scene.link.open();
  expect(expired(scene)).toEqual([]);
});

test('what expires is in the event log, once, whether a worker runs or not', () => {
  const scene = running({ nmiSeconds: 3 });
  scene.link.close(false);
  scene.clock.advance(10_000);
  scene.link.open();
  const fact = { kind: 'watchdogTimer', use: 'smsOs', hasNmi: true };
  expect(scene.recorded).toEqual([
    { ...fact, effect: 'nmi' },
    { ...fact, effect: 'powerCycle' },
  ]);
  expect(scene.link.watchdog).toBe('powerCycle');
  scene.link.take(set);
  expect(scene.link.watchdog).toBe('notExpired');
});

test('who wants nothing in the event log gets nothing', () => {
  const scene = running({ dontLog: true });
  scene.clock.advance(10_000);
  expect(expired(scene)).toHaveLength(1);
  expect(scene.recorded).toEqual([]);
});

describe('an action that fails', () => {
  function fail(scene: DeviceLinkScene, kind: DomainFailureKind = 'hypervisorUnreachable'): void {
    scene.link.noteEvents([{ ...done, failure: { kind, message: 'no' } }]);
  }
  function failed(): DeviceLinkScene {
    const scene = running();
    scene.clock.advance(10_000);
    scene.link.noteEvents([{ kind: 'watchdogExpired', use: 'smsOs', effect: 'powerCycle' }]);
    fail(scene);
    return scene;
  }
  const retries = (scene: DeviceLinkScene): unknown[] => scene.log.map(({ event }) => event);

  test('is tried again, without being reported again, and given up after the fifth time', () => {
    const scene = failed();
    for (const pauseMs of [5_000, 15_000, 60_000, 180_000]) {
      const before = expired(scene).length;
      scene.clock.advance(pauseMs - 1);
      expect(expired(scene)).toHaveLength(before);
      scene.clock.advance(1);
      expect(expired(scene).slice(before)).toMatchObject([{ effect: 'powerCycle', isKnown: true }]);
      fail(scene);
    }
    scene.clock.advance(1e7);
    expect(expired(scene)).toHaveLength(5);
    const retried = 'watchdogActionRetried';
    expect(retries(scene)).toEqual([retried, retried, retried, retried, 'watchdogActionGivenUp']);
    expect(scene.recorded.map(({ kind }) => kind)).toEqual(['watchdogTimer', 'watchdogActionFailed']);
    expect(scene.watching.size).toBe(0);
  });

  const happenings: Readonly<Record<string, (scene: DeviceLinkScene) => void>> = {
    'it has been done': ({ link }) => {
      link.noteEvents([done]);
    },
    'the domain has started anew': ({ tellDomain }) => {
      tellDomain('running', 'rebooted');
    },
    'the domain is off': ({ tellDomain }) => {
      tellDomain('shutOff');
    },
    'the guest starts the countdown over': ({ link }) => {
      link.take(start);
    },
    'the timer is set': ({ link }) => {
      link.take(set);
    },
    'the BMC has ended': ({ link }) => {
      link.close(true);
    },
  };
  test.each(Object.entries(happenings))('is left when %s', (_, happens) => {
    const scene = failed();
    happens(scene);
    scene.clock.advance(9_000);
    expect(expired(scene)).toHaveLength(1);
  });

  test.each<DomainFailureKind>(['calledOff', 'invalidInPresentState', 'connectionLost'])(
    'is left after %s',
    (kind) => {
      const scene = running();
      scene.clock.advance(10_000);
      fail(scene, kind);
      scene.clock.advance(1e7);
      expect(expired(scene)).toHaveLength(1);
      expect(retries(scene)).toEqual([]);
    },
  );
});

test('an action ends what was due before it, too', () => {
  const scene = running({ nmiSeconds: 3 });
  scene.clock.advance(10_000);
  scene.link.noteEvents([done]);
  expect(scene.watching.size).toBe(0);
});

test('it ends with its BMC', () => {
  const scene = running();
  scene.link.close(true);
  scene.clock.advance(1e6);
  scene.link.open();
  expect(expired(scene)).toEqual([]);
  expect(scene.watching.size).toBe(0);
});

test('a worker that was taken over cannot make it wait longer than 2 bytes say', () => {
  const { link, sent } = deviceLinkScene();
  link.take({ ...set, initialCountdown: 0x1_0000 });
  expect(sent).toMatchObject([{ type: 'deviceAnswered', failure: expect.any(String) as string }]);
});
