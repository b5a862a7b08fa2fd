import { closeSession, getDeviceId } from '@vbmc/ipmi-codec';
import { limits } from '#worker/core/terms/limits.ts';
import type { ConsoleAnswer } from '#support/console/console-answer.ts';
import { ask, completionCodeOf, handshake, newConsole } from '#support/bmc/console-of-bmc.ts';
import { consoleAddress, SimulatedBmc } from '#support/bmc/simulated-bmc.ts';

const elsewhere = { address: '203.0.113.9', port: 40_001 };
const insufficientResources = {
  kind: 'refusal',
  of: 'rakpMessage1',
  refusal: { status: 'insufficientResourcesToCreateSession' },
};
const loggedIn = { kind: 'rakpMessage4', verified: true };

function guess(bmc: SimulatedBmc, times = 1): ConsoleAnswer | undefined {
  let answer: ConsoleAnswer | undefined;
  for (let attempt = 0; attempt < times; attempt += 1)
    answer = handshake(bmc, newConsole({ password: 'guess' }));
  return answer;
}

/** Like ipmitool with a wrong password: sends nothing after RAKP Message 2. */
function giveUp(bmc: SimulatedBmc): void {
  const console = newConsole();
  ask(bmc, console, console.openSessionRequest());
  ask(bmc, console, console.rakpMessage1());
}

function lockOut(): SimulatedBmc {
  const bmc = SimulatedBmc.started({ loginPolicy: { attempts: 3, lockoutMs: 60_000 } });
  guess(bmc, 3);
  return bmc;
}

describe('a locked-out login', () => {
  test('is refused with 01h at RAKP 1, with a right and a wrong password, and is reported once', () => {
    const bmc = lockOut();

    expect(guess(bmc)).toMatchObject(insufficientResources);
    expect(handshake(bmc, newConsole())).toMatchObject(insufficientResources);
    expect(bmc.eventsOf('loginLockedOut')).toEqual([
      {
        kind: 'loginLockedOut',
        source: '192.0.2.7',
        user: 'administrator',
        failures: 3,
        lockoutMs: 60_000,
      },
    ]);
    expect(bmc.eventsOf('sessionRefused').at(-1)).toMatchObject({ status: 1, reason: 'lockedOut' });
  });

  test('is admitted after the lock-out, which attempts in the meantime did not prolong', () => {
    const bmc = lockOut();
    for (let second = 0; second < 59; second += 1) {
      bmc.advance(1_000);
      guess(bmc);
    }
    bmc.advance(1_000);

    expect(handshake(bmc, newConsole())).toMatchObject(loggedIn);
  });

  test('affects neither the same user from another source nor another user', () => {
    const bmc = lockOut();

    expect(handshake(bmc, newConsole(), elsewhere)).toMatchObject(loggedIn);
    expect(handshake(bmc, newConsole({ userName: 'operator' }))).toMatchObject(loggedIn);
  });

  test('does not affect open sessions', () => {
    const bmc = SimulatedBmc.started({ loginPolicy: { attempts: 3, lockoutMs: 60_000 } });
    const console = newConsole();
    handshake(bmc, console, elsewhere);
    guess(bmc, 3);

    expect(guess(bmc)).toMatchObject(insufficientResources);
    expect(completionCodeOf(bmc, console, getDeviceId, undefined)).toBe(0);
  });

  test('gets no further guesses from handshakes that began before it', () => {
    const bmc = SimulatedBmc.started({ loginPolicy: { attempts: 3, lockoutMs: 60_000 } });
    const consoles = Array.from({ length: 10 }, (_, at) => newConsole({ password: at < 9 ? 'guess' : 'x' }));
    for (const console of consoles) {
      ask(bmc, console, console.openSessionRequest());
      ask(bmc, console, console.rakpMessage1());
    }
    const statuses = consoles.map((console) => ask(bmc, console, console.rakpMessage3()));

    expect(statuses.map((answer) => answer.kind === 'refusal' && answer.refusal.status)).toEqual([
      ...Array<string>(3).fill('invalidIntegrityCheckValue'),
      ...Array<string>(7).fill('insufficientResourcesToCreateSession'),
    ]);
  });
});

test('a delayed login is refused with 01h as well', () => {
  const bmc = SimulatedBmc.started();
  guess(bmc, limits.freeLoginFailures);

  expect(handshake(bmc, newConsole())).toMatchObject(insufficientResources);
  expect(bmc.eventsOf('sessionRefused').at(-1)).toMatchObject({ status: 1, reason: 'delayed' });
  bmc.advance(1_000);
  expect(handshake(bmc, newConsole())).toMatchObject(loggedIn);
  expect(guess(bmc, limits.freeLoginFailures)).toMatchObject({
    refusal: { status: 'invalidIntegrityCheckValue' },
  });
});

describe('a login that is abandoned after RAKP 2', () => {
  test('counts as failed when it times out', () => {
    const bmc = SimulatedBmc.started({ loginPolicy: { attempts: 3, lockoutMs: 60_000 } });
    for (let attempt = 0; attempt < 3; attempt += 1) giveUp(bmc);
    bmc.advance(limits.handshakeMs + limits.tickMs);

    expect(handshake(bmc, newConsole())).toMatchObject(insufficientResources);
    expect(handshake(bmc, newConsole(), elsewhere)).toMatchObject(loggedIn);
  });

  test('does not count if the same user has since logged in from the same source, because packets were lost', () => {
    const bmc = SimulatedBmc.started({ loginPolicy: { attempts: 1, lockoutMs: 60_000 } });
    giveUp(bmc);
    giveUp(bmc);
    handshake(bmc, newConsole());
    bmc.advance(limits.handshakeMs + limits.tickMs);

    expect(bmc.eventsOf('loginLockedOut')).toEqual([]);
    expect(handshake(bmc, newConsole())).toMatchObject(loggedIn);
  });

  test('counts despite a login from another source', () => {
    const bmc = SimulatedBmc.started({ loginPolicy: { attempts: 1, lockoutMs: 60_000 } });
    giveUp(bmc);
    handshake(bmc, newConsole(), elsewhere);
    bmc.advance(limits.handshakeMs + limits.tickMs);

    expect(bmc.eventsOf('loginLockedOut')).toMatchObject([{ source: consoleAddress.address }]);
  });
});

describe('behind the same address translation', () => {
  const guesser = { ...consoleAddress, port: 50_000 };

  test('a legitimate user never notices thousands of failures over junk names, the real name and half-open logins', () => {
    const bmc = SimulatedBmc.started();
    expect(handshake(bmc, newConsole())).toMatchObject(loggedIn);
    const refused: ConsoleAnswer[] = [];
    for (let attempt = 0; attempt < 3_000; attempt += 1) {
      const userName = attempt % 3 === 0 ? 'administrator' : `junk${attempt}`;
      const console = newConsole({ userName, password: 'guess' });
      ask(bmc, console, console.openSessionRequest(), guesser);
      const answer = ask(bmc, console, console.rakpMessage1(), guesser);
      // Every other one stays half-open.
      if (answer.kind === 'rakpMessage2' && attempt % 2 === 0)
        ask(bmc, console, console.rakpMessage3(), guesser);
      if (attempt % 10 !== 0) continue;
      bmc.advance(1_000);
      const legitimate = newConsole();
      const end = handshake(bmc, legitimate);
      if (end.kind !== 'rakpMessage4') refused.push(end);
      completionCodeOf(bmc, legitimate, closeSession, { sessionId: legitimate.managedSystemSessionId });
    }

    expect(refused).toEqual([]);
    expect(bmc.figures.lockouts).toBeGreaterThan(0);
  });

  test('a login of the legitimate user does not excuse the guesser’s open handshakes', () => {
    const bmc = SimulatedBmc.started({ loginPolicy: { attempts: 2, lockoutMs: 60_000 } });
    const consoles = [newConsole(), newConsole()];
    for (const console of consoles) {
      ask(bmc, console, console.openSessionRequest(), guesser);
      ask(bmc, console, console.rakpMessage1(), guesser);
    }
    handshake(bmc, newConsole());
    bmc.advance(limits.handshakeMs + limits.tickMs);

    expect(bmc.eventsOf('loginLockedOut')).toMatchObject([{ failures: 2, exempt: true }]);
  });
});

test('nine names that fail do not lock out a tenth that has not', () => {
  const bmc = SimulatedBmc.started();
  for (let name = 0; name < 9; name += 1)
    for (let attempt = 0; attempt < 10; attempt += 1) {
      handshake(bmc, newConsole({ userName: `junk${name}`, password: 'guess' }));
      bmc.now += 20_000;
    }

  expect(handshake(bmc, newConsole())).toMatchObject(loggedIn);
  expect(handshake(bmc, newConsole({ userName: 'operator' }))).toMatchObject(loggedIn);
});

test('a neighbour in the same IPv6 /64 locks out nobody but its own address', () => {
  const bmc = SimulatedBmc.started({ loginPolicy: { attempts: 3, lockoutMs: 60_000 } });
  const neighbour = { address: '2001:db8::1', port: 5_000 };
  for (let attempt = 0; attempt < 3; attempt += 1)
    handshake(bmc, newConsole({ password: 'guess' }), neighbour);

  expect(handshake(bmc, newConsole(), neighbour)).toMatchObject(insufficientResources);
  expect(handshake(bmc, newConsole(), { address: '2001:db8::9', port: 5_000 })).toMatchObject(loggedIn);
});

test('the supervisor is told how often logins have failed from each source, and told again only when more fail', () => {
  const bmc = SimulatedBmc.started();
  guess(bmc, 2);
  handshake(bmc, newConsole({ password: 'guess' }), elsewhere);
  bmc.advance(limits.tickMs);
  expect(bmc.loginFailures).toEqual([
    { source: '192.0.2.7', failures: 2 },
    { source: '203.0.113.9', failures: 1 },
  ]);
  bmc.advance(60_000);
  expect(bmc.loginFailures).toHaveLength(2);
  guess(bmc);
  bmc.advance(limits.tickMs);
  expect(bmc.loginFailures.at(-1)).toEqual({ source: '192.0.2.7', failures: 1 });
});
