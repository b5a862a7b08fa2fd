/** The watchdog timer: what is asked of the supervisor, and what an expiry does to the domain. */
import {
  chassisControlCommand,
  getWatchdogTimer,
  resetWatchdogTimer,
  setWatchdogTimer,
  type SetWatchdogTimerRequest,
} from '@vbmc/ipmi-codec';
import type { WatchdogExpiry } from '#worker/core/terms/watchdog.ts';
import { login, readOnly } from '#support/bmc/console-of-bmc.ts';
import { SimulatedBmc } from '#support/bmc/simulated-bmc.ts';

const request: SetWatchdogTimerRequest = {
  ...{ use: 4, dontLog: false, dontStop: false, interrupt: 0, action: 3, preTimeoutSeconds: 0 },
  ...{ expirationFlags: 0xff, initialCountdown: 600 },
};
const expiry: WatchdogExpiry & { readonly isKnown: boolean } = {
  ...{ use: 'smsOs', effect: 'powerCycle', hasNmi: false, dontLog: false, isKnown: false },
};

function codeOfSet(
  changed: Partial<SetWatchdogTimerRequest>,
  watchdog = true,
): { code: number; bmc: SimulatedBmc } {
  const bmc = SimulatedBmc.started({ watchdog });
  const console = login(bmc, { level: 'operator' });
  const sent = bmc.send(console.request(setWatchdogTimer, { ...request, ...changed }));
  const answer = readOnly(console, sent.length > 0 ? sent : bmc.answerAll());
  if (answer.kind !== 'response') throw new Error(JSON.stringify(answer));
  return { code: answer.completionCode, bmc };
}

test('Set Watchdog Timer asks the supervisor', () => {
  const { code, bmc } = codeOfSet({ interrupt: 2, preTimeoutSeconds: 5, dontStop: true });
  expect(code).toBe(0);
  expect(bmc.questions).toMatchObject([
    {
      question: {
        kind: 'setWatchdog',
        setting: {
          ...{ use: 'smsOs', action: 'powerCycle', dontLog: false, dontStop: true, nmiSeconds: 5 },
          ...{ initialCountdown: 600, clearFlags: 0x3e },
        },
      },
    },
  ]);
});

test.each([
  ['use 0', { use: 0 }],
  ['use 6', { use: 6 }],
  ['action 4', { action: 4 }],
  ['an SMI', { interrupt: 1 }],
  ['a messaging interrupt', { interrupt: 3 }],
  ['an NMI before the countdown begins', { interrupt: 2, preTimeoutSeconds: 61 }],
])('%s is refused', (_, changed) => {
  expect(codeOfSet(changed).code).toBe(0xcc);
});

test('with watchdog = no the timer may run, and not act', () => {
  expect(codeOfSet({}, false).code).toBe(0xd6);
  expect(codeOfSet({ action: 0, interrupt: 2 }, false).code).toBe(0xd6);
  expect(codeOfSet({ action: 0 }, false).code).toBe(0);
});

test('Reset Watchdog Timer: 80h if it was never set, D5h while the domain is off', () => {
  const bmc = SimulatedBmc.started();
  const console = login(bmc);
  bmc.reportState('running');
  bmc.send(console.request(resetWatchdogTimer, undefined));
  expect(readOnly(console, bmc.answer('startWatchdog', { ok: true, value: false }))).toMatchObject({
    completionCode: 0x80,
  });
  bmc.reportState('shutOff');
  expect(readOnly(console, bmc.send(console.request(resetWatchdogTimer, undefined)))).toMatchObject({
    completionCode: 0xd5,
  });
});

test('Get Watchdog Timer tells what the supervisor says', () => {
  const bmc = SimulatedBmc.started();
  const console = login(bmc, { as: 'user', level: 'user' });
  bmc.send(console.request(getWatchdogTimer, undefined));
  expect(readOnly(console, bmc.answerAll())).toMatchObject({
    value: { use: 4, action: 3, isRunning: true, initialCountdown: 600, presentCountdown: 421 },
  });
});

describe('an expiry', () => {
  test.each([
    ['hardReset', 'hardReset'],
    ['powerDown', 'powerDown'],
    ['powerCycle', 'powerCycle'],
    ['nmi', 'diagnosticInterrupt'],
  ] as const)('with %s asks libvirt once, and is told', (effect, chassisControl) => {
    const bmc = SimulatedBmc.started();
    bmc.reportState('running');
    bmc.handle({ type: 'watchdogExpired', expiry: { ...expiry, effect } });
    expect(bmc.underWay()).toMatchObject([{ action: { kind: 'chassisControl', chassisControl } }]);
    bmc.finish('chassisControl', { ok: true, facts: { domainState: 'running' } });
    expect(bmc.asked('chassisControl')).toBe(1);
    expect(bmc.eventsOf('watchdogExpired')).toEqual([{ kind: 'watchdogExpired', use: 'smsOs', effect }]);
    expect(bmc.eventsOf('domainActionFinished')).toMatchObject([{ user: '', source: 'watchdog timer' }]);
  });

  test('without an action only tells', () => {
    const bmc = SimulatedBmc.started();
    bmc.handle({ type: 'watchdogExpired', expiry: { ...expiry, effect: 'none', dontLog: true } });
    expect(bmc.actions).toEqual([]);
    expect(bmc.eventsOf('watchdogExpired')).toMatchObject([{ effect: 'none', dontLog: true }]);
  });

  test('that an earlier worker has told is not told again', () => {
    const bmc = SimulatedBmc.started();
    bmc.handle({ type: 'watchdogExpired', expiry: { ...expiry, isKnown: true } });
    expect(bmc.asked('chassisControl')).toBe(1);
    expect(bmc.eventsOf('watchdogExpired')).toEqual([]);
  });

  test.each([
    ['hardReset', true, 1],
    ['powerCycle', true, 1],
    ['hardReset', false, 2],
    ['diagnosticInterrupt', true, 2],
  ] as const)('during a %s that succeeds (%s) leaves %i changes', (chassisControl, ok, changes) => {
    const bmc = SimulatedBmc.started();
    bmc.reportState('running');
    const action = { kind: 'chassisControl', chassisControl } as const;
    const console = login(bmc);
    bmc.send(console.request(chassisControlCommand, { chassisControl }));
    bmc.handle({ type: 'watchdogExpired', expiry });
    expect(bmc.underWay()).toMatchObject([{ action }]);
    const failure = { kind: 'virshFailed', message: 'no' } as const;
    bmc.finish('chassisControl', ok ? { ok, facts: { domainState: 'running' } } : { ok, failure });
    expect(bmc.asked('chassisControl')).toBe(changes);
  });
});
