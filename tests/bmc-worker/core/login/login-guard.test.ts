import { limits } from '#worker/core/terms/limits.ts';
import { defaultLoginPolicy, LoginGuard } from '#worker/core/login/login-guard.ts';
import { originOf, type Origin } from '#worker/core/terms/source.ts';

function nameOf(text: string): Uint8Array {
  return new TextEncoder().encode(text);
}
function at(address: string, port = 7): Origin {
  return originOf({ address, port });
}
const admin = nameOf('admin');
const monitor = nameOf('monitor');
const ATTACKER = '198.51.100.66';
const attacker = at(ATTACKER);

/** Fails this often, each time as soon as the guard admits it; returns when the last login failed. */
function fail(
  guard: LoginGuard,
  times: number,
  { name = admin, origin = attacker, from = 0 } = {},
): { readonly now: number; readonly waits: number[] } {
  let now = from;
  const waits: number[] = [];
  for (let failure = 0; failure < times; failure += 1) {
    const began = now;
    while (guard.verdict(name, origin, now) !== 'admitted') now += 100;
    waits.push(now - began);
    guard.failed(name, origin, now);
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
    for (const failure of [1, 2, 3]) expect(guard.failed(admin, attacker, failure)).toBeUndefined();
    expect(guard.verdict(admin, attacker, 3)).toBe('delayed');

    const lockedOut = { user: 'admin', source: ATTACKER, failures: 4, remainingMs: 30_000 };
    expect(guard.failed(admin, attacker, 2_000)).toEqual(lockedOut);
    expect(guard.verdict(admin, attacker, 31_999)).toBe('lockedOut');
    expect(guard.describe(2_000)).toEqual([lockedOut]);
    expect(guard.describe(31_999)).toEqual([{ ...lockedOut, remainingMs: 1 }]);
    expect(guard.verdict(admin, attacker, 32_000)).toBe('admitted');
    expect(guard.describe(32_000)).toEqual([]);
  });

  test('during a lock-out neither prolong nor repeat it', () => {
    const guard = new LoginGuard({ attempts: 2, lockoutMs: 30_000 });
    guard.failed(admin, attacker, 0);
    expect(guard.failed(admin, attacker, 0)).toMatchObject({ failures: 2 });
    expect(guard.failed(admin, attacker, 20_000)).toBeUndefined();
    expect(guard.verdict(admin, attacker, 30_000)).toBe('admitted');
    expect(guard.failed(admin, attacker, 30_000)).toMatchObject({ failures: 3 });
  });

  test.each([
    ['another user from the same address', monitor, attacker],
    ['the same user from another address', admin, at('192.0.2.7')],
  ])('do not affect %s', (_, name, origin) => {
    const guard = new LoginGuard(defaultLoginPolicy);
    const { now } = fail(guard, 20);

    expect(guard.verdict(name, origin, now)).toBe('admitted');
  });

  test('are forgotten some time after the lock-out', () => {
    const guard = new LoginGuard(defaultLoginPolicy);
    const { now } = fail(guard, 10);
    const later = now + 60_000 + limits.failedLoginsKeptMs;

    expect(fail(guard, 4, { from: later }).waits).toEqual([0, 0, 0, 1_000]);
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

describe('a name that has not failed is not refused', () => {
  test.each([9, 100, 2_000])('after failures of %d other names at the same address', (names) => {
    const guard = new LoginGuard(defaultLoginPolicy);
    for (let round = 0; round < 12; round += 1)
      for (let name = 0; name < names; name += 1) guard.failed(nameOf(`junk${name}`), attacker, round);

    expect(guard.verdict(admin, attacker, 12)).toBe('admitted');
    expect(guard.verdict(monitor, attacker, 12)).toBe('admitted');
  });

  test('and one that fails where others fail all the time is locked out at once', () => {
    const guard = new LoginGuard(defaultLoginPolicy);
    for (let name = 0; name <= 30; name += 1) guard.failed(nameOf(`junk${name}`), attacker, 0);

    expect(guard.failed(admin, attacker, 0)).toMatchObject({ user: 'admin', failures: 1 });
    expect(guard.verdict(admin, attacker, 59_999)).toBe('lockedOut');
    expect(guard.verdict(monitor, attacker, 0)).toBe('admitted');
  });
});

describe('a successful login', () => {
  test('is not refused afterwards for failures of others at the same address', () => {
    const guard = new LoginGuard(defaultLoginPolicy);
    guard.succeeded(admin, attacker, 0);
    for (let failure = 0; failure < 10_000; failure += 1) {
      expect(guard.verdict(admin, attacker, failure)).toBe('admitted');
      const lockedOut = guard.failed(admin, at(ATTACKER, 1_000 + failure), failure);
      if (lockedOut !== undefined) expect(lockedOut.exempt).toBe(true);
    }
    expect(guard.describe(10_000)).toEqual([]);
  });

  test('holds so long, and for so many failures', () => {
    const guard = new LoginGuard({ attempts: 1, lockoutMs: 60_000 });
    guard.succeeded(admin, attacker, 0);
    const later = limits.recentLoginMs;
    guard.failed(admin, at(ATTACKER, 8), later);
    expect(guard.verdict(admin, attacker, later)).toBe('admitted');
    expect(guard.verdict(admin, attacker, later + 1)).toBe('lockedOut');

    guard.succeeded(monitor, attacker, 0);
    for (let failure = 0; failure < limits.failuresAfterRecentLogin; failure += 1)
      guard.failed(monitor, at(ATTACKER, 8), 0);
    expect(guard.verdict(monitor, attacker, 0)).toBe('admitted');
    guard.failed(monitor, at(ATTACKER, 8), 0);
    expect(guard.verdict(monitor, attacker, 0)).toBe('lockedOut');
  });

  test('forgets the failures of the same client', () => {
    const guard = new LoginGuard(defaultLoginPolicy);
    const { now } = fail(guard, 10);
    guard.succeeded(admin, attacker, now);

    expect(guard.verdict(admin, attacker, now)).toBe('admitted');
    expect(guard.size).toBe(0);
  });

  test('does not forget those of another client at the same address', () => {
    const guard = new LoginGuard({ attempts: 10, lockoutMs: 60_000 });
    for (let failure = 0; failure < 9; failure += 1) {
      guard.failed(admin, at(ATTACKER, 1_000), failure);
      guard.succeeded(admin, at(ATTACKER, 2_000), failure);
    }

    expect(guard.failed(admin, at(ATTACKER, 1_000), 9)).toMatchObject({ failures: 10 });
  });

  test('of one user makes no room for users at other addresses to fail', () => {
    const guard = new LoginGuard({ attempts: 1, lockoutMs: 60_000 });
    guard.succeeded(admin, attacker, 0);
    guard.failed(monitor, attacker, 0);
    guard.failed(admin, at('192.0.2.7'), 0);

    expect(guard.verdict(monitor, attacker, 0)).toBe('lockedOut');
    expect(guard.verdict(admin, at('192.0.2.7'), 0)).toBe('lockedOut');
  });

  test('is remembered for a bounded number of addresses of each user, so that no user pushes out another one', () => {
    const guard = new LoginGuard({ attempts: 1, lockoutMs: 60_000 });
    guard.succeeded(admin, attacker, 0);
    for (let host = 0; host < 10_000; host += 1) guard.succeeded(monitor, at(`2001:db8::${host}`), 0);
    guard.failed(admin, at(ATTACKER, 9), 0);

    expect(guard.verdict(admin, attacker, 0)).toBe('admitted');
  });
});

test('at a source that guesses at several BMCs each failure locks its name out, and no other name', () => {
  const guard = new LoginGuard(defaultLoginPolicy);
  guard.takeGuessingSources([ATTACKER]);
  expect(guard.verdict(admin, attacker, 0)).toBe('admitted');

  expect(guard.failed(admin, attacker, 0)).toMatchObject({ user: 'admin', failures: 1 });
  expect(guard.verdict(admin, attacker, 0)).toBe('lockedOut');
  expect(guard.verdict(monitor, attacker, 0)).toBe('admitted');
  expect(guard.failed(admin, at('192.0.2.7'), 0)).toBeUndefined();

  guard.takeGuessingSources([]);
  expect(guard.failed(monitor, attacker, 0)).toBeUndefined();
});

describe('an attacker cannot erase their record', () => {
  test('by trying other user names', () => {
    const guard = new LoginGuard(defaultLoginPolicy);
    const { now } = fail(guard, 10);
    for (let other = 0; other < 1_000; other += 1) guard.failed(nameOf(`user${other}`), attacker, now);

    expect(guard.verdict(admin, attacker, now)).toBe('lockedOut');
    expect(guard.describe(now).length).toBeLessThanOrEqual(limits.failingAddresses.namesPerPlace);
  });

  test('by failing from many other addresses', () => {
    const guard = new LoginGuard(defaultLoginPolicy);
    const { now } = fail(guard, 10);
    for (let other = 0; other < 10_000; other += 1) {
      const origin = at(`10.0.${other >> 8}.${other & 255}`);
      for (let failure = 0; failure < 3; failure += 1) guard.failed(admin, origin, now);
    }

    expect(guard.verdict(admin, attacker, now)).toBe('lockedOut');
    expect(guard.size).toBe(limits.failingAddresses.places);
  });
});
