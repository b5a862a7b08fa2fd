/** The watchdog timer of a BMC: when it expires, when it stops, and what a new worker still has to do. */
import { WATCHDOG_TIMER, type DomainEvent, type DomainState } from '@vbmc/bmc-worker/ipc';
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
