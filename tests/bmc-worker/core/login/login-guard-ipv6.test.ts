/** On IPv6 failures count per address first, and per /64 far later. */
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
const junkNames = Array.from({ length: 40 }, (_, name) => nameOf(`junk${name}`));
const neighbour = at('2001:db8::10');
const victim = at('2001:db8::20');

test('the failures of one address do not lock out another one of the same /64', () => {
  const guard = new LoginGuard(defaultLoginPolicy);
  for (let failure = 0; failure < 18; failure += 1) guard.failed(admin, neighbour, 0);

  expect(guard.verdict(admin, neighbour, 0)).toBe('lockedOut');
  expect(guard.verdict(admin, victim, 0)).toBe('admitted');
});

/** The ports are new each time, as those of clients are. */
function failAtNeighbour(guard: LoginGuard, names: readonly Uint8Array[]): void {
  for (let failure = 0; failure < 10_000; failure += 1) {
    const name = names[failure % names.length] ?? admin;
    guard.failed(name, at('2001:db8::10', 1_024 + failure), failure);
  }
}

test.each([
  ['of one name', [admin]],
  ['of so many names that the record of one is dropped', [admin, ...junkNames]],
])('10,000 failures %s at one address lock out no other address of the /64', (_, names) => {
  const guard = new LoginGuard(defaultLoginPolicy);
  failAtNeighbour(guard, names);

  expect(guard.verdict(admin, victim, 10_000)).toBe('admitted');
});

test('nor do those at an address where they lock nobody out, because the user has lately logged in there', () => {
  const guard = new LoginGuard(defaultLoginPolicy);
  guard.succeeded(admin, neighbour, 0);
  failAtNeighbour(guard, [admin]);

  expect(guard.verdict(admin, neighbour, 10_000)).toBe('admitted');
  expect(guard.verdict(admin, victim, 10_000)).toBe('admitted');
});

test('a network that is locked out is locked out again by the next failure of any of its addresses', () => {
  const guard = new LoginGuard(defaultLoginPolicy);
  for (let host = 1; host <= 10; host += 1)
    for (let failure = 0; failure < 10; failure += 1) guard.failed(admin, at(`2001:db8::1:${host}`), 0);
  expect(guard.verdict(admin, victim, 0)).toBe('lockedOut');
  expect(guard.verdict(admin, victim, 60_000)).toBe('admitted');

  guard.failed(admin, at('2001:db8::1:1'), 60_000);
  expect(guard.verdict(admin, victim, 60_000)).toBe('lockedOut');
});

/** As many failures as lock the name out in the whole network, each from another address. */
function fromEverywhere(guard: LoginGuard): void {
  for (let host = 0; host < 99; host += 1)
    expect(guard.failed(admin, at(`2001:db8::1:${host}`), 0)).toBeUndefined();
  expect(guard.verdict(admin, victim, 0)).toBe('admitted');
  expect(guard.failed(admin, at('2001:db8::2:1'), 0)).toEqual({
    ...{ user: 'admin', source: '2001:db8:0:0::/64', failures: 100, remainingMs: 60_000 },
  });
}

test('ten times as many within the /64 lock the name out there, and in no other network', () => {
  const guard = new LoginGuard(defaultLoginPolicy);
  fromEverywhere(guard);

  expect(guard.verdict(admin, victim, 59_999)).toBe('lockedOut');
  expect(guard.verdict(monitor, victim, 0)).toBe('admitted');
  expect(guard.verdict(admin, at('2001:db8:0:1::20'), 0)).toBe('admitted');
  expect(guard.describe(0)).toMatchObject([{ source: '2001:db8:0:0::/64', failures: 100 }]);
  expect(guard.verdict(admin, victim, 60_000)).toBe('admitted');
});

test('that does not reach an address from which the user has lately logged in', () => {
  const guard = new LoginGuard(defaultLoginPolicy);
  guard.succeeded(admin, victim, 0);
  fromEverywhere(guard);

  expect(guard.verdict(admin, victim, 0)).toBe('admitted');
  expect(guard.verdict(admin, neighbour, 0)).toBe('lockedOut');
});

test('link-local addresses of different interfaces are different', () => {
  const guard = new LoginGuard({ attempts: 1, lockoutMs: 60_000 });
  for (let host = 1; host <= 10; host += 1) guard.failed(admin, at(`fe80::${host}%eth0`), 0);

  expect(guard.verdict(admin, at('fe80::99%eth0'), 0)).toBe('lockedOut');
  expect(guard.verdict(admin, at('fe80::1%eth1'), 0)).toBe('admitted');
});
