import type { BmcEvent } from '@vbmc/bmc-worker/ipc';
import { LoginFacts } from '#supervisor/event-log/login-facts.ts';

const failed: BmcEvent = { kind: 'loginAbandoned', source: '192.0.2.1', user: 'admin' };
const lockedOut: BmcEvent = {
  ...{ kind: 'loginLockedOut', source: '192.0.2.1', user: 'admin' },
  ...{ failures: 10, lockoutMs: 60_000 },
};

function refused(reason: string): BmcEvent {
  return { kind: 'sessionRefused', source: '192.0.2.1:1', user: 'admin', reason };
}

test('the first failure of a burst is recorded, and the first lock-out', () => {
  const facts = new LoginFacts(0);
  expect(facts.take(failed, 0)).toEqual([{ kind: 'loginsFail' }]);
  expect(facts.take(lockedOut, 1)).toEqual([{ kind: 'loginsLockedOut' }]);
  for (let at = 2; at < 100_000_000; at += 500_000)
    expect([...facts.take(failed, at), ...facts.take(lockedOut, at)]).toEqual([]);
  expect(facts.take(failed, 101_000_000)).toEqual([{ kind: 'loginsFail' }]);
});

test('a wrong password and an unknown name are failures, a full table is not', () => {
  expect(new LoginFacts(0).take(refused('wrongPassword'), 0)).toHaveLength(1);
  expect(new LoginFacts(0).take(refused('unauthorizedName'), 0)).toHaveLength(1);
  expect(new LoginFacts(0).take(refused('insufficientResourcesToCreateSession'), 0)).toEqual([]);
});

test('an attacker who pauses fills no log: some twelve records a day', () => {
  const facts = new LoginFacts(0);
  let records = 0;
  const days = 10;
  for (let at = 0; at < days * 86_400_000; at += 600_001) records += facts.take(failed, at).length;
  expect(records).toBeLessThanOrEqual(8 + 12 * days);
  expect(records).toBeGreaterThan(12 * days);
});
