/** The BMC answers a login for an unknown user like one with a wrong password. */
import { cipherSuites, NAME_ONLY_LOOKUP_BIT, type CipherSuiteId, type RakpMessage2 } from '@vbmc/ipmi-codec';
import { limits } from '#worker/core/terms/limits.ts';
import type { RemoteConsoleOptions } from '#support/console/remote-console.ts';
import { ask, handshake, newConsole } from '#support/bmc/console-of-bmc.ts';
import { passwordOf, SimulatedBmc } from '#support/bmc/simulated-bmc.ts';

const suiteIds = Object.keys(cipherSuites).map(Number) as CipherSuiteId[];
const withPassword = suiteIds.filter((id) => cipherSuites[id].authentication !== 'none');
function bmcOf(): SimulatedBmc {
  return SimulatedBmc.started({ allowedCipherSuites: suiteIds });
}

function challenge(bmc: SimulatedBmc, options: Partial<RemoteConsoleOptions>, role?: number): RakpMessage2 {
  const console = newConsole(options);
  ask(bmc, console, console.openSessionRequest());
  const answer = ask(bmc, console, console.rakpMessage1(role === undefined ? {} : { role }));
  if (answer.kind !== 'rakpMessage2')
    throw new Error(`expected RAKP Message 2, got ${JSON.stringify(answer)}`);
  return answer.message;
}

/** The parts of RAKP Message 2 that do not depend on random numbers. */
function shapeOf(message: RakpMessage2): unknown {
  return {
    ...message,
    remoteConsoleSessionId: 0,
    managedSystemRandomNumber: message.managedSystemRandomNumber.length,
    keyExchangeAuthenticationCode: message.keyExchangeAuthenticationCode.length,
  };
}

const names = ['nobody', '', 'Administrator', 'admin', 'operator\0', 'a', 'sixteen_bytes_16'];

describe.each(withPassword)('cipher suite %i', (cipherSuiteId) => {
  test.each(names)('RAKP Message 2 for %j has the same shape as for a known user', (userName) => {
    const bmc = bmcOf();
    const known = challenge(bmc, { userName: 'operator', cipherSuiteId });

    expect(shapeOf(challenge(bmc, { userName, cipherSuiteId }))).toEqual(shapeOf(known));
  });

  test.each(names)('%j is refused in RAKP Message 4 like a wrong password', (userName) => {
    const bmc = bmcOf();
    const wrong = handshake(bmc, newConsole({ userName: 'operator', password: 'guess', cipherSuiteId }));
    const unknown = handshake(bmc, newConsole({ userName, password: 'guess', cipherSuiteId }));

    expect(unknown).toMatchObject({
      kind: 'refusal',
      of: 'rakpMessage3',
      refusal: { status: 'invalidIntegrityCheckValue' },
    });
    expect({ ...unknown, refusal: null }).toEqual({ ...wrong, refusal: null });
    expect(bmc.eventsOf('sessionRefused').map(({ status, reason }) => [status, reason])).toEqual([
      [0x0f, 'invalidIntegrityCheckValue'],
      [0x0f, 'unknownUser'],
    ]);
  });

  test('no password is right, neither the empty one nor another user’s', () => {
    for (const password of ['', 'nobody', passwordOf('nobody'), passwordOf('administrator')]) {
      const console = newConsole({ userName: 'nobody', password, cipherSuiteId });
      handshake(bmcOf(), console);
      expect(console.active).toBe(false);
    }
  });
});

describe('a decoy', () => {
  const same = {
    role: NAME_ONLY_LOOKUP_BIT | 4,
    remoteConsoleRandomNumber: new Uint8Array(16).fill(7),
  };
  /** The code of RAKP Message 2, twice in one handshake, in which R_C stays the same. */
  const codes = (userNames: readonly string[]): string[] => {
    const bmc = bmcOf();
    const console = newConsole();
    ask(bmc, console, console.openSessionRequest());
    return userNames.map((userName) => {
      const message = { ...same, userName: new TextEncoder().encode(userName) };
      const answer = ask(bmc, console, console.rakpMessage1(message));
      if (answer.kind !== 'rakpMessage2') throw new Error('no RAKP Message 2');
      return Buffer.from(answer.message.keyExchangeAuthenticationCode).toString('hex');
    });
  };

  test('keeps its key, so a repeated message gets the same code', () => {
    const [first, second] = codes(['nobody', 'nobody']);

    expect(first).toBe(second);
  });

  test('has another key in another process', () => {
    const login = (seed: number): string => {
      const bmc = SimulatedBmc.started({ random: (length) => new Uint8Array(length).fill(seed) });
      const { keyExchangeAuthenticationCode } = challenge(bmc, { userName: 'nobody' });
      return Buffer.from(keyExchangeAuthenticationCode).toString('hex');
    };
    expect(login(1)).not.toBe(login(2));
  });

  test('is reported as an unknown user when the login is abandoned', () => {
    const bmc = bmcOf();
    challenge(bmc, { userName: 'nobody' });
    bmc.advance(limits.handshakeMs);

    expect(bmc.events).toEqual([
      { kind: 'loginAbandoned', source: '192.0.2.7:40001', user: 'nobody', unknownUser: true },
    ]);
  });

  test('stays valid when a reload changes the users, as for users that did not change', () => {
    const bmc = bmcOf();
    const console = newConsole({ userName: 'nobody' });
    ask(bmc, console, console.openSessionRequest());
    ask(bmc, console, console.rakpMessage1());
    bmc.handle({ type: 'users', users: [] });

    expect(ask(bmc, console, console.rakpMessage3())).toMatchObject({
      refusal: { status: 'invalidIntegrityCheckValue' },
    });
  });
});

describe('a level above the user’s, by name and role', () => {
  const byRole = 4;

  test('is refused only to a client that knows the password', () => {
    const bmc = bmcOf();
    const right = newConsole({ userName: 'operator' });
    const wrong = newConsole({ userName: 'operator', password: 'guess' });
    const said = [right, wrong].map((console) => {
      ask(bmc, console, console.openSessionRequest());
      expect(ask(bmc, console, console.rakpMessage1({ role: byRole }))).toMatchObject({
        kind: 'rakpMessage2',
      });
      return ask(bmc, console, console.rakpMessage3());
    });

    expect(said).toMatchObject([
      { of: 'rakpMessage3', refusal: { status: 'unauthorizedRoleOrPrivilegeLevel' } },
      { of: 'rakpMessage3', refusal: { status: 'invalidIntegrityCheckValue' } },
    ]);
    expect(bmc.endpoint.describeSessions(bmc.now)).toEqual([]);
  });
});

describe('cipher suite 0, with which a login shows which users exist anyway', () => {
  const loginBy = (userName: string, role?: number): unknown => {
    const bmc = bmcOf();
    const console = newConsole({ userName, cipherSuiteId: 0 });
    ask(bmc, console, console.openSessionRequest());
    ask(bmc, console, console.rakpMessage1(role === undefined ? {} : { role }));
    return ask(bmc, console, console.rakpMessage3());
  };

  test.each([
    ['nobody', undefined, 'unauthorizedName'],
    ['', 4, 'unauthorizedName'],
    ['operator', 4, 'unauthorizedRoleOrPrivilegeLevel'],
  ])('%j with role %p is refused with the reason', (userName, role, status) => {
    expect(loginBy(userName, role)).toMatchObject({ of: 'rakpMessage3', refusal: { status } });
  });

  test('RAKP Message 2 has the same shape for all', () => {
    const bmc = bmcOf();
    const shapes = ['operator', 'nobody'].map((userName) =>
      shapeOf(challenge(bmc, { userName, cipherSuiteId: 0 })),
    );
    expect(shapes[0]).toEqual(shapes[1]);
  });
});
