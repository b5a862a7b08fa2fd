/** What a remote console can read of limits, users and sessions. */
import {
  getChannelAccess,
  getSessionInfo,
  getUserAccess,
  getUserName,
  setSessionPrivilegeLevel,
} from '@vbmc/ipmi-codec';
import {
  ask,
  completionCodeOf,
  handshake,
  login,
  newConsole,
  respondTo,
} from '#support/bmc/console-of-bmc.ts';
import { bmcV15, askV15, loginV15 } from '#support/bmc/console-v1-5-of-bmc.ts';
import { SimulatedBmc } from '#support/bmc/simulated-bmc.ts';

describe('the privilege limit of the BMC', () => {
  const limited = (): SimulatedBmc => SimulatedBmc.started({ privilegeLimit: 'user' });

  test('caps a session whose user may more', () => {
    const bmc = limited();
    const console = newConsole();
    handshake(bmc, console);

    expect(bmc.eventsOf('sessionOpened')).toMatchObject([{ user: 'administrator', privilege: 'user' }]);
    expect(completionCodeOf(bmc, console, setSessionPrivilegeLevel, { privilegeLevel: 3 })).toBe(0x81);
    expect(completionCodeOf(bmc, console, setSessionPrivilegeLevel, { privilegeLevel: 2 })).toBe(0);
  });

  test('refuses a level above it, asked for by role, after the password', () => {
    const bmc = limited();
    const console = newConsole();
    ask(bmc, console, console.openSessionRequest());
    ask(bmc, console, console.rakpMessage1({ role: 4 }));

    expect(ask(bmc, console, console.rakpMessage3())).toMatchObject({
      refusal: { status: 'unauthorizedRoleOrPrivilegeLevel' },
    });
  });

  test.each([1, 2])('is told by Get Channel Access, settings %d', (settings) => {
    const bmc = limited();
    const console = newConsole();
    handshake(bmc, console);

    expect(respondTo(bmc, console, getChannelAccess, { channelNumber: 1, settings }).value).toEqual({
      pefAlertingDisabled: true,
      perMessageAuthenticationDisabled: false,
      userLevelAuthenticationDisabled: false,
      accessMode: 2,
      privilegeLimit: 2,
    });
  });

  test.each([
    [2, 2],
    [1, 0],
    [1, 3],
  ])('Get Channel Access of channel %d, settings %d is refused', (channelNumber, settings) => {
    const bmc = SimulatedBmc.started();

    expect(completionCodeOf(bmc, login(bmc), getChannelAccess, { channelNumber, settings })).toBe(0xcc);
  });
});

describe('users', () => {
  const access = (userId: number): unknown => {
    const bmc = SimulatedBmc.started();
    return respondTo(bmc, login(bmc), getUserAccess, { channelNumber: 0x0e, userId });
  };

  test.each([
    [1, { enableStatus: 2, ipmiMessaging: false, privilegeLimit: 0x0f }],
    [2, { enableStatus: 1, ipmiMessaging: true, privilegeLimit: 4 }],
    [3, { enableStatus: 1, ipmiMessaging: true, privilegeLimit: 3 }],
    [5, { enableStatus: 1, ipmiMessaging: true, privilegeLimit: 1 }],
  ])('user %d', (userId, expected) => {
    expect(access(userId)).toMatchObject({
      completionCode: 0,
      value: { maximumUserIds: 5, enabledUserIds: 4, fixedNames: 1, ...expected },
    });
  });

  test.each([0, 6, 63])('user %d is none', (userId) => {
    const bmc = SimulatedBmc.started();
    const console = login(bmc);

    expect(access(userId)).toMatchObject({ completionCode: 0xcc });
    expect(completionCodeOf(bmc, console, getUserName, { userId })).toBe(0xcc);
  });

  test.each([
    [1, ''],
    [2, 'administrator'],
    [4, 'user'],
  ])('the name of user %d is %j', (userId, name) => {
    const bmc = SimulatedBmc.started();
    const { value } = respondTo(bmc, login(bmc), getUserName, { userId });

    expect(value).toEqual({ userName: Uint8Array.from(Buffer.from(name.padEnd(16, '\0'))) });
  });
});

describe('Get Session Info', () => {
  test('by index, handle and session id', () => {
    const bmc = SimulatedBmc.started();
    const other = login(bmc, { as: 'operator', from: { address: '198.51.100.9', port: 0x1234 } });
    const console = login(bmc);
    const info = (request: Parameters<typeof getSessionInfo.request.encode>[0]): unknown =>
      respondTo(bmc, console, getSessionInfo, request).value;
    const theirs = {
      handle: 1,
      possibleSessions: 63,
      activeSessions: 2,
      session: { userId: 3, privilegeLevel: 3, protocol: 1, channelNumber: 1 },
    };
    const own = { handle: 2, session: { userId: 2, privilegeLevel: 4, port: 40_001 } };

    expect(info({ index: 0 })).toMatchObject(own);
    expect(info({ index: 1 })).toMatchObject(theirs);
    expect(info({ index: 2 })).toMatchObject(own);
    expect(info({ handle: 1 })).toMatchObject(theirs);
    expect(info({ sessionId: other.managedSystemSessionId })).toMatchObject(theirs);
    for (const nobody of [{ index: 3 }, { handle: 7 }, { sessionId: 7 }])
      expect(info(nobody)).toEqual({ handle: 0, possibleSessions: 63, activeSessions: 2 });
  });

  test('tells the IPv4 address, and zeros of an IPv6 one', () => {
    const bmc = SimulatedBmc.started();
    const addressOf = (address: string): unknown => {
      const console = newConsole();
      const from = { address, port: 40_002 };
      handshake(bmc, console, from);
      const answer = ask(bmc, console, console.request(getSessionInfo, { index: 0 }), from);
      return answer.kind === 'response' ? answer.value : undefined;
    };

    expect(addressOf('::ffff:192.0.2.8')).toMatchObject({
      session: { address: Uint8Array.of(192, 0, 2, 8), port: 40_002 },
    });
    expect(addressOf('2001:db8::1')).toMatchObject({ session: { address: new Uint8Array(4) } });
  });

  test('of an IPMI 1.5 session', () => {
    const bmc = bmcV15();
    const console = loginV15(bmc, 'user');

    expect(askV15(bmc, console, console.request(getSessionInfo, { index: 0 }))?.value).toMatchObject({
      handle: 1,
      session: { userId: 4, privilegeLevel: 2, protocol: 0 },
    });
    expect(bmc.endpoint.describeSessions(bmc.now)).toMatchObject([{ cipherSuiteId: null }]);
  });

  test('a handle is given again when its session has gone', () => {
    const bmc = SimulatedBmc.started();
    const handleOf = (console: ReturnType<typeof login>): unknown =>
      respondTo(bmc, console, getSessionInfo, { index: 0 }).value;
    login(bmc);
    const second = login(bmc);
    expect(handleOf(second)).toMatchObject({ handle: 2 });
    bmc.advance(30_000);
    expect(handleOf(second)).toMatchObject({ handle: 2 });
    bmc.advance(31_000);

    expect(handleOf(login(bmc))).toMatchObject({ handle: 1 });
  });
});
