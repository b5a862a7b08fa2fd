import fc from 'fast-check';
import { limits } from '#worker/core/terms/limits.ts';
import { defaultLoginPolicy, LoginGuard } from '#worker/core/login/login-guard.ts';

function nameOf(text: string): Uint8Array {
  return new TextEncoder().encode(text);
}
const admin = nameOf('admin');
const ATTACKER = '198.51.100.66';

/** Fails this often, each time as soon as the guard admits it; returns when the last login failed. */
function fail(
  guard: LoginGuard,
  times: number,
  { name = admin, source = ATTACKER, at = 0 } = {},
): { readonly now: number; readonly waits: number[] } {
  let now = at;
  const waits: number[] = [];
  for (let failure = 0; failure < times; failure += 1) {
    const began = now;
    while (guard.verdict(name, source, now) !== 'admitted') now += 100;
    waits.push(now - began);
    guard.failed(name, source, now);
  }
  return { now, waits };
}

describe('failed logins', () => {
  test('cause no delay at first, then a growing delay, then a lock-out, and another lock-out for each further failure', () => {
    const guard = new LoginGuard(defaultLoginPolicy);

    expect(fail(guard, 13).waits).toEqual([
      ...[0, 0, 0, 1_000, 2_000, 4_000, 8_000, 16_000, 16_000, 16_000],
      ...[60_000, 60_000, 60_000],
    ]);
  });

  test('give different verdicts, and the failure that locks out is returned', () => {
    const guard = new LoginGuard({ attempts: 4, lockoutMs: 30_000 });
    for (const failure of [1, 2, 3]) expect(guard.failed(admin, ATTACKER, failure)).toBeUndefined();
    expect(guard.verdict(admin, ATTACKER, 3)).toBe('delayed');

    const lockedOut = { user: 'admin', source: ATTACKER, failures: 4, remainingMs: 30_000 };
    expect(guard.failed(admin, ATTACKER, 2_000)).toEqual(lockedOut);
    expect(guard.verdict(admin, ATTACKER, 31_999)).toBe('lockedOut');
    expect(guard.describe(2_000)).toEqual([lockedOut]);
    expect(guard.describe(31_999)).toEqual([{ ...lockedOut, remainingMs: 1 }]);
    expect(guard.verdict(admin, ATTACKER, 32_000)).toBe('admitted');
    expect(guard.describe(32_000)).toEqual([]);
  });

  test('during a lock-out neither prolong nor repeat it', () => {
    const guard = new LoginGuard({ attempts: 2, lockoutMs: 30_000 });
    guard.failed(admin, ATTACKER, 0);
    expect(guard.failed(admin, ATTACKER, 0)).toMatchObject({ failures: 2 });
    expect(guard.failed(admin, ATTACKER, 20_000)).toBeUndefined();
    expect(guard.verdict(admin, ATTACKER, 30_000)).toBe('admitted');
    expect(guard.failed(admin, ATTACKER, 30_000)).toMatchObject({ failures: 3 });
  });

  test.each([
    ['another user from the same source', nameOf('monitor'), ATTACKER],
    ['the same user from another source', admin, '192.0.2.7'],
  ])('do not affect %s', (_, name, source) => {
    const guard = new LoginGuard(defaultLoginPolicy);
    const { now } = fail(guard, 20);

    expect(guard.verdict(name, source, now)).toBe('admitted');
  });

  test('are forgotten by a success', () => {
    const guard = new LoginGuard(defaultLoginPolicy);
    const { now } = fail(guard, 10);
    guard.succeeded(admin, ATTACKER);

    expect(guard.verdict(admin, ATTACKER, now)).toBe('admitted');
    expect(guard.size).toBe(0);
    expect(fail(guard, 3, { at: now }).waits).toEqual([0, 0, 0]);
  });

  test('are forgotten some time after the lock-out', () => {
    const guard = new LoginGuard(defaultLoginPolicy);
    const { now } = fail(guard, 10);
    const later = now + 60_000 + limits.failedLoginsKeptMs;

    expect(fail(guard, 4, { at: later }).waits).toEqual([0, 0, 0, 1_000]);
  });

  test('with 0 attempts never lock out and are not remembered', () => {
    const guard = new LoginGuard({ attempts: 0, lockoutMs: 60_000 });

    expect(new Set(fail(guard, 1_000).waits)).toEqual(new Set([0]));
    expect(guard.size).toBe(0);
  });

  test('with 1 attempt lock out at once; no delay is longer than the lock-out', () => {
    expect(fail(new LoginGuard({ attempts: 1, lockoutMs: 5_000 }), 3).waits).toEqual([0, 5_000, 5_000]);
    const short = fail(new LoginGuard({ attempts: 10, lockoutMs: 3_000 }), 12).waits;
    expect(Math.max(...short)).toBe(3_000);
  });
});

describe('an attacker cannot erase their record', () => {
  test('by trying other user names', () => {
    const guard = new LoginGuard(defaultLoginPolicy);
    const { now } = fail(guard, 10);
    for (let other = 0; other < 1_000; other += 1) guard.failed(nameOf(`user${other}`), ATTACKER, now);

    expect(guard.verdict(admin, ATTACKER, now)).toBe('lockedOut');
    // The names beyond the limit share one record, which also covers a name that was never tried.
    expect(guard.verdict(nameOf('user999'), ATTACKER, now)).toBe('lockedOut');
    expect(guard.verdict(nameOf('fresh'), ATTACKER, now)).toBe('lockedOut');
    expect(guard.describe(now).length).toBeLessThanOrEqual(limits.failedNamesPerSource + 1);
  });

  test('by failing from many other addresses', () => {
    const guard = new LoginGuard(defaultLoginPolicy);
    const { now } = fail(guard, 10);
    for (let other = 0; other < 10_000; other += 1) {
      const source = `10.0.${other >> 8}.${other & 255}`;
      for (let failure = 0; failure < 3; failure += 1) guard.failed(admin, source, now);
    }

    expect(guard.verdict(admin, ATTACKER, now)).toBe('lockedOut');
    expect(guard.size).toBe(limits.failingSources);
  });
});

test('the guard stays within its bounds and never locks out a user that has not failed', () => {
  const step = fc.record({
    what: fc.constantFrom('failed' as const, 'failed' as const, 'succeeded' as const),
    name: fc.nat(20),
    source: fc.nat(1_500),
    ms: fc.nat(3_000),
  });
  fc.assert(
    fc.property(fc.array(step, { maxLength: 1_500 }), (steps) => {
      const guard = new LoginGuard({ attempts: 2, lockoutMs: 10_000 });
      let now = 0;
      for (const { what, name, source, ms } of steps) {
        now += ms;
        const [user, from] = [nameOf(`user${name}`), `source${source}`];
        if (what === 'failed') guard.failed(user, from, now);
        else guard.succeeded(user, from);
        expect(guard.size).toBeLessThanOrEqual(limits.failingSources);
        expect(guard.verdict(user, 'elsewhere', now)).toBe('admitted');
      }
    }),
    { numRuns: 20 },
  );
});
