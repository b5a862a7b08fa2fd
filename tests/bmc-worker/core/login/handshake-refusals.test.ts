import { NAME_ONLY_LOOKUP_BIT, type OpenSessionRequest, type RakpMessage1 } from '@vbmc/ipmi-codec';
import { User } from '#worker/core/session/user.ts';
import { ask, handshake, newConsole } from '#support/bmc/console-of-bmc.ts';
import { SimulatedBmc, users } from '#support/bmc/simulated-bmc.ts';

function name(text: string): Uint8Array {
  return new TextEncoder().encode(text);
}

function openStatus(tamper: Partial<OpenSessionRequest>, bmc = SimulatedBmc.started()): string {
  const console = newConsole();
  const answer = ask(bmc, console, console.openSessionRequest(tamper));
  if (answer.kind === 'refusal') return answer.refusal.status;
  return answer.kind === 'openSessionResponse' ? answer.message.status : answer.kind;
}

function rakp1Status(tamper: Partial<RakpMessage1>, bmc = SimulatedBmc.started()): string {
  const console = newConsole();
  ask(bmc, console, console.openSessionRequest());
  const answer = ask(bmc, console, console.rakpMessage1(tamper));
  if (answer.kind === 'refusal') return answer.refusal.status;
  return answer.kind === 'rakpMessage2' ? answer.message.status : answer.kind;
}

/** Authentication, integrity and confidentiality algorithms of the suites of v2.0§22.15.2 table 22-20. */
const suites: readonly [number, number, number, number, string][] = [
  [0, 0, 0, 0, 'noCipherSuiteMatch'],
  [1, 1, 0, 0, 'noCipherSuiteMatch'],
  [2, 1, 1, 0, 'noCipherSuiteMatch'],
  [3, 1, 1, 1, 'noErrors'],
  [4, 1, 1, 2, 'noCipherSuiteMatch'],
  [6, 2, 0, 0, 'noCipherSuiteMatch'],
  [7, 2, 2, 0, 'noCipherSuiteMatch'],
  [8, 2, 2, 1, 'noCipherSuiteMatch'],
  [12, 2, 3, 1, 'noCipherSuiteMatch'],
  [15, 3, 0, 0, 'noCipherSuiteMatch'],
  [16, 3, 4, 0, 'noCipherSuiteMatch'],
  [17, 3, 4, 1, 'noErrors'],
  [18, 3, 4, 2, 'noCipherSuiteMatch'],
];

describe('an Open Session Request', () => {
  test.each(suites)('for cipher suite %d', (_, authentication, integrity, confidentiality, status) => {
    expect(openStatus({ algorithms: { authentication, integrity, confidentiality } })).toBe(status);
  });

  test.each([
    [{ authentication: 4, integrity: 1, confidentiality: 1 }, 'invalidAuthenticationAlgorithm'],
    [{ authentication: 1, integrity: 5, confidentiality: 1 }, 'invalidIntegrityAlgorithm'],
    [{ authentication: 1, integrity: 1, confidentiality: 4 }, 'invalidConfidentialityAlgorithm'],
    [{ authentication: 0x3f, integrity: 0x3f, confidentiality: 0x3f }, 'invalidAuthenticationAlgorithm'],
  ])('for undefined algorithms: %j', (algorithms, status) => {
    expect(openStatus({ algorithms })).toBe(status);
  });

  test.each([
    [{ authentication: undefined, integrity: undefined, confidentiality: undefined }, 3],
    [{ authentication: 1, integrity: undefined, confidentiality: undefined }, 3],
    [{ authentication: undefined, integrity: 4, confidentiality: undefined }, 17],
  ])('with null payloads %j leaves the choice to the BMC', (algorithms, suite) => {
    const bmc = SimulatedBmc.started();
    const console = newConsole();
    const answer = ask(bmc, console, console.openSessionRequest({ algorithms }));
    const chosen =
      suite === 3
        ? { authentication: 1, integrity: 1, confidentiality: 1 }
        : { authentication: 3, integrity: 4, confidentiality: 1 };

    expect(answer).toMatchObject({ kind: 'openSessionResponse', message: { algorithms: chosen } });
  });

  test('for a suite that this BMC does not allow', () => {
    const algorithms = { authentication: 1, integrity: 1, confidentiality: 1 };

    expect(openStatus({ algorithms }, SimulatedBmc.started({ allowedCipherSuites: [17] }))).toBe(
      'noCipherSuiteMatch',
    );
  });

  test('whose algorithm payloads are not a valid proposal', () => {
    const bmc = SimulatedBmc.started();
    const console = newConsole();
    const request = console.openSessionRequest();
    // RMCP header (4), session header (12), message (8) and authentication payload (8) precede the integrity payload.
    request[4 + 12 + 8 + 8] = 2;

    expect(ask(bmc, console, request)).toMatchObject({ refusal: { status: 'noMatchingIntegrityPayload' } });
    expect(bmc.endpoint.wantsTick).toBe(false);
  });

  test('with session id 0', () => {
    expect(openStatus({ remoteConsoleSessionId: 0 })).toBe('invalidSessionId');
  });

  test.each([
    [0, 'noErrors'],
    [1, 'noErrors'],
    [4, 'noErrors'],
    [5, 'invalidRole'],
    [15, 'invalidRole'],
  ])('for privilege level %d', (requestedMaximumPrivilegeLevel, status) => {
    expect(openStatus({ requestedMaximumPrivilegeLevel })).toBe(status);
  });

  test.each([
    [0, 4],
    [2, 2],
    [4, 4],
  ])('for privilege level %d is granted the maximum level %d', (requestedMaximumPrivilegeLevel, maximum) => {
    const bmc = SimulatedBmc.started();
    const console = newConsole();

    expect(ask(bmc, console, console.openSessionRequest({ requestedMaximumPrivilegeLevel }))).toMatchObject({
      message: { maximumPrivilegeLevel: maximum },
    });
  });

  test('that is refused leaves no session behind', () => {
    const bmc = SimulatedBmc.started();
    openStatus({ remoteConsoleSessionId: 0 }, bmc);
    openStatus({ requestedMaximumPrivilegeLevel: 5 }, bmc);

    expect(bmc.endpoint.wantsTick).toBe(false);
  });
});

describe('a message that is cut', () => {
  /** RMCP header, session header. The payload's length is in the last two bytes of the session header. */
  function cut(datagram: Uint8Array, length: number): Uint8Array {
    const whole = Uint8Array.from(datagram.subarray(0, 16 + length));
    whole[14] = length;
    return whole;
  }

  test.each([1, 7, 8, 31])('an Open Session Request of %d bytes is refused, and opens nothing', (length) => {
    const bmc = SimulatedBmc.started();
    const console = newConsole();
    const [sent] = bmc.send(cut(console.openSessionRequest(), length));
    expect(sent?.datagram).toHaveLength(4 + 12 + 8);
    expect(console.receive(sent?.datagram ?? new Uint8Array())).toMatchObject({
      refusal: { status: 'illegalOrUnrecognizedParameter' },
    });
    expect(bmc.endpoint.wantsTick).toBe(false);
  });

  test.each([
    [8, 'illegalOrUnrecognizedParameter'],
    [27, 'illegalOrUnrecognizedParameter'],
    [28, 'invalidNameLength'],
    [35, 'invalidNameLength'],
  ])(
    'a RAKP Message 1 of %d bytes is refused, counts as no failed login, and may be sent again',
    (length, status) => {
      const bmc = SimulatedBmc.started();
      const console = newConsole();
      ask(bmc, console, console.openSessionRequest());
      const whole = console.rakpMessage1();
      for (let attempt = 0; attempt < 20; attempt += 1)
        expect(ask(bmc, console, cut(whole, length))).toMatchObject({ refusal: { status } });
      expect(bmc.figures.lockedOutLogins).toBe(0);
      ask(bmc, console, console.rakpMessage1());
      expect(ask(bmc, console, console.rakpMessage3())).toMatchObject({
        kind: 'rakpMessage4',
        verified: true,
      });
    },
  );

  test('a RAKP Message 1 of no session is refused as such', () => {
    const bmc = SimulatedBmc.started();
    const console = newConsole();
    ask(bmc, console, console.openSessionRequest());
    const other = console.rakpMessage1({ managedSystemSessionId: 0xdead_beef });
    expect(ask(bmc, console, cut(other, 20))).toMatchObject({ refusal: { status: 'invalidSessionId' } });
  });
});

describe('RAKP Message 1', () => {
  const byName = (level: number): number => NAME_ONLY_LOOKUP_BIT | level;

  test.each<[string, Partial<RakpMessage1>, string]>([
    // The answer does not reveal which users exist: see `unknown-users.test.ts`.
    ['an unknown user', { userName: name('nobody') }, 'noErrors'],
    ['an unknown user by role', { userName: name('nobody'), role: 4 }, 'noErrors'],
    ['the null user', { userName: name('') }, 'noErrors'],
    ['a name in the wrong case', { userName: name('Administrator') }, 'noErrors'],
    ['the beginning of a name', { userName: name('admin') }, 'noErrors'],
    ['a name with a 0 byte after it', { userName: name('operator\0') }, 'noErrors'],
    ['a name that is not UTF-8', { userName: Uint8Array.of(0xff, 0xfe, 0x80) }, 'noErrors'],
    ['a name of 16 bytes', { userName: name('sixteen_bytes_16') }, 'noErrors'],
    ['a name of 17 bytes', { userName: name('seventeen_bytes_1') }, 'invalidNameLength'],
    ['a name of 255 bytes', { userName: new Uint8Array(255).fill(0x61) }, 'invalidNameLength'],
    ['role 0', { role: byName(0) }, 'invalidRole'],
    ['role 5', { role: byName(5) }, 'invalidRole'],
    ['role 15', { role: byName(15) }, 'invalidRole'],
    ['role 0 without name-only look-up', { role: 0 }, 'invalidRole'],
    ['the id of no session', { managedSystemSessionId: 0xdead_beef }, 'invalidSessionId'],
    ['session id 0', { managedSystemSessionId: 0 }, 'invalidSessionId'],
    ['a role above the user’s by role', { userName: name('user'), role: 3 }, 'noErrors'],
    ['a role above the user’s by name', { userName: name('user'), role: byName(4) }, 'noErrors'],
    ['the user’s own role by role', { userName: name('operator'), role: 3 }, 'noErrors'],
    ['a role below the user’s by role', { userName: name('operator'), role: 2 }, 'noErrors'],
  ])('with %s', (_, tamper, status) => {
    expect(rakp1Status(tamper)).toBe(status);
  });

  test('finds by role the user of that name that may have the role, and by name the first user', () => {
    const utf8 = new TextEncoder();
    const entry = (password: string, limit: 'user' | 'administrator'): User =>
      new User('twin', utf8.encode('twin'), utf8.encode(password), limit);
    const twins = [entry('for users', 'user'), entry('for administrators', 'administrator')];
    const loginWith = (password: string, role: number): boolean => {
      const bmc = SimulatedBmc.started({ users: twins });
      const console = newConsole({ userName: 'twin', password });
      ask(bmc, console, console.openSessionRequest());
      ask(bmc, console, console.rakpMessage1({ role }));
      ask(bmc, console, console.rakpMessage3());
      return console.active;
    };

    expect(loginWith('for administrators', 4)).toBe(true);
    expect(loginWith('for users', 4)).toBe(false);
    expect(loginWith('for users', 2)).toBe(true);
    expect(loginWith('for users', byName(4))).toBe(true);
    expect(loginWith('for administrators', byName(4))).toBe(false);
  });

  test('may be sent again after a refusal', () => {
    const bmc = SimulatedBmc.started();
    const console = newConsole();
    ask(bmc, console, console.openSessionRequest());
    ask(bmc, console, console.rakpMessage1({ userName: name('a name that is too long') }));
    ask(bmc, console, console.rakpMessage1({ userName: name('administrator') }));

    expect(ask(bmc, console, console.rakpMessage3())).toMatchObject({ kind: 'rakpMessage4', verified: true });
  });
});

describe('a wrong password', () => {
  test.each([3, 17] as const)(
    'is answered at once with suite %d, and RAKP 2 shows it to the console',
    (suite) => {
      const bmc = SimulatedBmc.started();
      const console = newConsole({ password: 'guess', cipherSuiteId: suite });
      ask(bmc, console, console.openSessionRequest());

      expect(ask(bmc, console, console.rakpMessage1())).toMatchObject({
        kind: 'rakpMessage2',
        verified: false,
      });
      // ipmitool reports it with an empty code and waits for RAKP 4.
      const status = { status: 0x0f, keyExchangeAuthenticationCode: new Uint8Array(0) };
      expect(ask(bmc, console, console.rakpMessage3(status))).toMatchObject({
        kind: 'refusal',
        refusal: { status: 'invalidIntegrityCheckValue' },
      });
    },
  );

  test('is refused if the console does not check RAKP 2', () => {
    expect(handshake(SimulatedBmc.started(), newConsole({ password: 'guess' }))).toMatchObject({
      kind: 'refusal',
      of: 'rakpMessage3',
      refusal: { status: 'invalidIntegrityCheckValue' },
    });
  });

  test('a longer password that begins with the right one is wrong', () => {
    const console = newConsole({ password: 'secret of administrator!' });

    handshake(SimulatedBmc.started({ users }), console);
    expect(console.active).toBe(false);
  });
});
