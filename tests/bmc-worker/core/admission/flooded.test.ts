/** Floods by unauthenticated senders: tables stay bounded, and a well-behaved remote console can still log in. */
import { closeSession, getDeviceId } from '@vbmc/ipmi-codec';
import { limits } from '#worker/core/terms/limits.ts';
import type { RemoteAddress } from '#worker/core/terms/remote-address.ts';
import type { RemoteConsole } from '#support/console/remote-console.ts';
import { ask, completionCodeOf, handshake, login, newConsole } from '#support/bmc/console-of-bmc.ts';
import { consoleAddress, SimulatedBmc } from '#support/bmc/simulated-bmc.ts';
import { seededBytes } from '#support/seeded-random.ts';

const loggedIn = { kind: 'rakpMessage4', verified: true };
function works(bmc: SimulatedBmc, console: RemoteConsole): boolean {
  return completionCodeOf(bmc, console, getDeviceId, undefined) === 0;
}

/** The nth of many hosts. */
function host(n: number): RemoteAddress {
  return {
    address: `10.${n >> 16}.${(n >> 8) & 255}.${n & 255}`,
    port: 7,
  };
}

function open(bmc: SimulatedBmc, from?: RemoteAddress): RemoteConsole {
  const console = newConsole();
  ask(bmc, console, console.openSessionRequest(), from);
  return console;
}
function challenge(bmc: SimulatedBmc, from?: RemoteAddress): RemoteConsole {
  const console = open(bmc, from);
  ask(bmc, console, console.rakpMessage1(), from);
  return console;
}
function kindsOf(bmc: SimulatedBmc, consoles: readonly RemoteConsole[]): string[] {
  return consoles.map((console) => ask(bmc, console, console.rakpMessage1()).kind);
}

describe('half-open sessions', () => {
  test('of one source evict its own, and no other source’s', () => {
    const bmc = SimulatedBmc.started({ loginPolicy: { attempts: 0, lockoutMs: 0 } });
    const before = open(bmc);
    const greedy = Array.from({ length: limits.handshakes.opened.perSource + 2 }, () => open(bmc, host(1)));

    const kinds = kindsOf(bmc, greedy);
    expect(kinds.filter((kind) => kind === 'refusal')).toHaveLength(2);
    expect(handshake(bmc, newConsole())).toMatchObject(loggedIn);
    expect(kindsOf(bmc, [before])).toEqual(['rakpMessage2']);
  });

  test('10,000 from eight sources do not stop even a slow login: they evict their own', () => {
    const bmc = SimulatedBmc.started();
    const active = login(bmc);
    const slow = open(bmc);
    for (let n = 0; n < 5_000; n += 1) open(bmc, host(n % 8));
    ask(bmc, slow, slow.rakpMessage1());
    for (let n = 0; n < 5_000; n += 1) challenge(bmc, host(n % 8));

    expect(ask(bmc, slow, slow.rakpMessage3())).toMatchObject(loggedIn);
    expect(works(bmc, active)).toBe(true);
    expect(bmc.figures.halfOpenSessions).toBeLessThanOrEqual(
      8 * (limits.handshakes.opened.perSource + limits.handshakes.challenged.perSource),
    );
  });

  test('from forged addresses do not evict a remote console that has proved its address', () => {
    const bmc = SimulatedBmc.started();
    const console = challenge(bmc);
    for (let n = 0; n < 20_000; n += 1) open(bmc, host(n));

    expect(ask(bmc, console, console.rakpMessage3())).toMatchObject(loggedIn);
    expect(bmc.figures.halfOpenSessions).toBeLessThanOrEqual(limits.handshakes.opened.total);
  });

  test('from 1,023 other addresses do not evict an opened session', () => {
    const bmc = SimulatedBmc.started();
    const console = open(bmc);
    for (let n = 0; n < limits.handshakes.opened.total - 1; n += 1) open(bmc, host(n));

    expect(kindsOf(bmc, [console])).toEqual(['rakpMessage2']);
  });

  /** In how many of 20 BMCs a login goes on after so many forged requests, each with a port of its own. */
  function survivals(forged: number): number {
    let survived = 0;
    for (let seed = 0; seed < 20; seed += 1) {
      const bmc = SimulatedBmc.started({ random: seededBytes(seed) });
      const console = open(bmc);
      for (let n = 0; n < forged; n += 1) open(bmc, { ...consoleAddress, port: 1_024 + n });
      if (kindsOf(bmc, [console])[0] === 'rakpMessage2') survived += 1;
    }
    return survived;
  }

  test('forged in the name of the remote console do not push its login out: not up to its share, and hardly beyond', () => {
    const { perSource } = limits.handshakes.opened;

    expect(survivals(64)).toBe(20);
    expect(survivals(perSource - 1)).toBe(20);
    expect(survivals(perSource + 8)).toBeGreaterThan(12);
  });

  test('that one client begins at the same address, but another port, never push out a login', () => {
    const bmc = SimulatedBmc.started({ loginPolicy: { attempts: 0, lockoutMs: 0 } });
    const console = open(bmc);
    for (let n = 0; n < 300; n += 1) challenge(bmc, { ...consoleAddress, port: 9 });
    expect(kindsOf(bmc, [console])).toEqual(['rakpMessage2']);
    for (let n = 0; n < 300; n += 1) challenge(bmc, { ...consoleAddress, port: 9 });

    expect(ask(bmc, console, console.rakpMessage3())).toMatchObject(loggedIn);
  });

  test('of one user that evict each other count as failed logins', () => {
    const bmc = SimulatedBmc.started({ loginPolicy: { attempts: 3, lockoutMs: 60_000 } });
    for (let n = 0; n < limits.handshakes.challenged.perSource + 3; n += 1) challenge(bmc);

    expect(bmc.eventsOf('loginLockedOut')).toMatchObject([{ user: 'administrator', failures: 3 }]);
  });

  test('of one user that other sources evict do not count as failed logins', () => {
    const bmc = SimulatedBmc.started({ loginPolicy: { attempts: 1, lockoutMs: 60_000 } });
    for (let n = 0; n < 2 * limits.handshakes.challenged.total; n += 1) challenge(bmc, host(n));

    expect(bmc.eventsOf('loginLockedOut')).toEqual([]);
    expect(bmc.figures.halfOpenSessions).toBe(limits.handshakes.challenged.total);
  });
});

const refused = {
  kind: 'refusal',
  refusal: { status: 'insufficientResourcesToCreateSession' },
};

describe('active sessions', () => {
  test('of one source are bounded, so that others can log in', () => {
    const bmc = SimulatedBmc.started();
    const consoles = Array.from({ length: limits.sessionsPerSource.administrator }, () => login(bmc));

    expect(handshake(bmc, newConsole())).toMatchObject({ ...refused, of: 'openSessionRequest' });
    expect(handshake(bmc, newConsole(), host(1))).toMatchObject(loggedIn);
    expect(consoles.every((console) => works(bmc, console))).toBe(true);
  });

  test('of all sources are bounded, and none of the same level is evicted', () => {
    const bmc = SimulatedBmc.started();
    const ofUser = limits.sessionsPerUser.administrator;
    const consoles = Array.from({ length: ofUser }, (_, n) => login(bmc, { from: host(n) }));
    expect(handshake(bmc, newConsole())).toMatchObject({ ...refused, of: 'rakpMessage3' });
    for (let n = 0; n < 2_000; n += 1) challenge(bmc, host(n));
    expect(consoles.every((console) => works(bmc, console))).toBe(true);

    const [leaving] = consoles;
    if (leaving) completionCodeOf(bmc, leaving, closeSession, { sessionId: leaving.managedSystemSessionId });

    expect(handshake(bmc, newConsole())).toMatchObject(loggedIn);
  });

  test('stay within their bound when many handshakes end at once', () => {
    const bmc = SimulatedBmc.started();
    for (let n = 1; n < limits.sessionsPerSource.administrator; n += 1) login(bmc);
    const [one, other] = [challenge(bmc), challenge(bmc)];

    expect(ask(bmc, one, one.rakpMessage3())).toMatchObject(loggedIn);
    expect(ask(bmc, other, other.rakpMessage3())).toMatchObject({ ...refused, of: 'rakpMessage3' });
    // The session is gone and does not count as a failed login.
    expect(ask(bmc, other, other.rakpMessage3())).toMatchObject({ refusal: { status: 'invalidSessionId' } });
    expect(bmc.eventsOf('sessionOpened')).toHaveLength(limits.sessionsPerSource.administrator);
  });
});

describe('a flood of datagrams', () => {
  const { burst, perSecond } = limits.packetsOutsideSessions;

  test('from one source is answered up to its rate, and does not affect sessions of the same source', () => {
    const bmc = SimulatedBmc.started();
    const console = login(bmc);
    const ping = newConsole().presencePing();
    let answered = 0;
    for (let n = 0; n < burst + 5_000; n += 1) answered += bmc.send(ping).length;

    expect(answered).toBeGreaterThan(burst - 10);
    expect(answered).toBeLessThanOrEqual(burst);
    // The login took three of the burst.
    expect(bmc.figures.rateLimitedDatagrams).toBe(3 + 5_000);
    for (let n = 0; n < 1_000; n += 1) expect(works(bmc, console)).toBe(true);
    expect(bmc.send(ping)).toEqual([]);
    expect(handshake(bmc, newConsole(), host(1))).toMatchObject(loggedIn);

    bmc.now += 1_000;
    expect(bmc.send(ping)).toHaveLength(1);
    bmc.now += 3_600_000;
    for (let n = 0; n < burst + 1; n += 1) bmc.send(ping);
    expect(bmc.send(ping)).toEqual([]);
    expect(perSecond).toBeLessThanOrEqual(burst);
  });

  test('is limited even if it names a session that does not exist', () => {
    const bmc = SimulatedBmc.started();
    const otherBmc = SimulatedBmc.started();
    const request = login(otherBmc).request(getDeviceId, undefined);
    for (let n = 0; n < burst + 10; n += 1) bmc.send(request);

    expect(bmc.figures.rateLimitedDatagrams).toBe(10);
  });

  test('with the id of a half-open session is limited as well', () => {
    const bmc = SimulatedBmc.started();
    const console = open(bmc);
    const rakp1 = console.rakpMessage1();
    for (let n = 0; n < burst + 10; n += 1) bmc.send(rakp1);

    expect(bmc.figures.rateLimitedDatagrams).toBe(11);
  });

  test('of datagrams that are too long is dropped undecoded', () => {
    const bmc = SimulatedBmc.started();
    const ping = newConsole().presencePing();
    const long = new Uint8Array(limits.datagramBytes + 1);
    long.set(ping);

    expect(bmc.send(long)).toEqual([]);
    expect(bmc.figures.oversizedDatagrams).toBe(1);
    expect(bmc.figures.malformedDatagrams).toBe(0);
  });
});

test('endless refusals are all counted, and reported at a rate that an operator can read', () => {
  const bmc = SimulatedBmc.started();
  const { burst, perSecond } = limits.unauthenticatedEvents;
  const refuse = (times: number): void => {
    const console = newConsole();
    for (let n = 0; n < times; n += 1) bmc.send(console.rakpMessage1({ managedSystemSessionId: 77 }));
  };
  refuse(1_000);
  expect(bmc.events).toHaveLength(burst);
  bmc.now += 1_000;
  refuse(1_000);

  expect(bmc.events).toHaveLength(burst + perSecond);
  expect(bmc.events[burst]).toMatchObject({ kind: 'sessionRefused', omitted: 1_000 - burst });
  expect(bmc.events[burst + 1]).not.toHaveProperty('omitted');
  expect(bmc.figures.refusedLogins).toBe(2_000);
  // The rate limit does not apply to events that need a password.
  login(bmc);
  expect(bmc.events.at(-1)).toMatchObject({
    kind: 'sessionOpened',
    source: `${consoleAddress.address}:40001`,
  });
});
