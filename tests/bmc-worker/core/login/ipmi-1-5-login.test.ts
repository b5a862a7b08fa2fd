/** How an IPMI 1.5 session opens, and when the BMC refuses one. */
import {
  chassisControlCommand,
  closeSession,
  getChannelAuthenticationCapabilities,
  getDeviceId,
  setSessionPrivilegeLevel,
} from '@vbmc/ipmi-codec';
import { User } from '#worker/core/session/user.ts';
import { limits } from '#worker/core/terms/limits.ts';
import { ConsoleV15 } from '#support/console/console-v1-5.ts';
import { newConsole, respondTo } from '#support/bmc/console-of-bmc.ts';
import {
  askV15,
  bmcV15,
  challengedV15,
  codeOfV15,
  loginV15,
  shortPasswordOf,
} from '#support/bmc/console-v1-5-of-bmc.ts';
import { SimulatedBmc } from '#support/bmc/simulated-bmc.ts';

const utf8 = new TextEncoder();
function user(name: string, password: string): User {
  return new User(name, utf8.encode(name), utf8.encode(password), 'administrator');
}

function capabilities(bmc: SimulatedBmc, ipmiV20Data: boolean): unknown {
  return respondTo(bmc, newConsole(), getChannelAuthenticationCapabilities, {
    ipmiV20Data,
    channelNumber: 0x0e,
    requestedMaximumPrivilegeLevel: 4,
  }).value;
}

describe('Get Channel Authentication Capabilities', () => {
  test.each([
    [false, false, { authenticationTypes: 0, supportsIpmiV15: false, supportsIpmiV20: false }],
    [false, true, { authenticationTypes: 0, supportsIpmiV15: false, supportsIpmiV20: true }],
    // MD5 is bit 2. The supported versions are only present if the request asks for IPMI 2.0 data.
    [true, false, { authenticationTypes: 0x04, supportsIpmiV15: false, supportsIpmiV20: false }],
    [true, true, { authenticationTypes: 0x04, supportsIpmiV15: true, supportsIpmiV20: true }],
  ])('with IPMI 1.5 %p and IPMI 2.0 data %p', (allowsIpmiV15, ipmiV20Data, expected) => {
    expect(capabilities(SimulatedBmc.started({ allowsIpmiV15 }), ipmiV20Data)).toMatchObject(expected);
  });
});

describe('Get Session Challenge', () => {
  const code = (bmc: SimulatedBmc, name: string, type?: number): number | undefined => {
    const console = new ConsoleV15(name, 'x');
    return askV15(bmc, console, console.getSessionChallenge(type))?.completionCode;
  };

  test.each([
    ['with MD5', 'operator', 2, 0x00],
    ['for a user that does not exist', 'nobody', 2, 0x00],
    ['for the user without a name', '', 2, 0x82],
    ['without authentication', 'operator', 0, 0xcc],
    ['with MD2', 'operator', 1, 0xcc],
    ['with the password itself', 'operator', 4, 0xcc],
    ['with a type of the vendor', 'operator', 5, 0xcc],
  ])('%s', (_, name, type, expected) => {
    expect(code(bmcV15(), name, type)).toBe(expected);
  });

  test('with IPMI 1.5 turned off', () => {
    const bmc = SimulatedBmc.started();

    expect(code(bmc, 'operator')).toBe(0xd6);
    expect(bmc.endpoint.wantsTick).toBe(false);
  });

  test('gives each request another session id and challenge', () => {
    const bmc = bmcV15();
    const seen = new Set(
      Array.from({ length: 50 }, () => {
        const console = new ConsoleV15('operator', 'x');
        return JSON.stringify(askV15(bmc, console, console.getSessionChallenge())?.value);
      }),
    );
    expect(seen.size).toBe(50);
  });
});

describe('Activate Session', () => {
  test('with the right password opens a session at User level', () => {
    const bmc = bmcV15();
    const console = challengedV15(bmc, 'administrator');
    const answer = askV15(bmc, console, console.activateSession('administrator'));

    expect(answer).toMatchObject({
      completionCode: 0,
      sessionSequenceNumber: 0x1000,
      value: { authenticationType: 2, maximumPrivilegeLevel: 4, sessionId: console.sessionId },
    });
    expect(codeOfV15(bmc, console, chassisControlCommand, { chassisControl: 'hardReset' })).toBe(0xd4);
    expect(codeOfV15(bmc, console, setSessionPrivilegeLevel, { privilegeLevel: 4 })).toBe(0);
    expect(codeOfV15(bmc, console, closeSession, { sessionId: console.sessionId })).toBe(0);
    expect(codeOfV15(bmc, console, getDeviceId, undefined)).toBeUndefined();
    expect(bmc.events).toEqual([
      { kind: 'sessionOpened', source: '192.0.2.7:40001', user: 'administrator', privilege: 'administrator' },
      { kind: 'sessionClosed', source: '192.0.2.7:40001', user: 'administrator', cause: 'closed' },
    ]);
  });

  test.each([
    ['a level above the user’s', 'operator', 'administrator', {}, 0x86],
    ['the user’s level', 'operator', 'operator', {}, 0x00],
    ['a level below the user’s', 'operator', 'user', {}, 0x00],
    ['callback', 'callback', 'callback', {}, 0x00],
    ['no level', 'operator', 'operator', { requestedMaximumPrivilegeLevel: 0 }, 0xcc],
    ['level 5', 'operator', 'operator', { requestedMaximumPrivilegeLevel: 5 }, 0xcc],
    ['another authentication type', 'operator', 'operator', { authenticationType: 0 }, 0xcc],
    ['an outbound number of 0', 'operator', 'operator', { initialOutboundSequenceNumber: 0 }, 0x84],
  ] as const)('for %s', (_, as, level, tamper, expected) => {
    const bmc = bmcV15();
    const console = challengedV15(bmc, as);

    expect(askV15(bmc, console, console.activateSession(level, tamper))?.completionCode).toBe(expected);
    expect(bmc.endpoint.describeSessions(bmc.now)).toHaveLength(expected === 0 ? 1 : 0);
  });

  test('for a level above that of the BMC', () => {
    const bmc = bmcV15({ privilegeLimit: 'operator' });
    const console = challengedV15(bmc, 'administrator');

    expect(askV15(bmc, console, console.activateSession('administrator'))?.completionCode).toBe(0x86);
    expect(askV15(bmc, console, console.activateSession('operator'))?.completionCode).toBe(0);
  });

  test.each([
    ['a wrong password', 'operator', 'guess', 'wrongPassword'],
    ['a user that does not exist', 'nobody', 'guess', 'unknownUser'],
    [
      'a user that does not exist, with a user’s password',
      'nobody',
      shortPasswordOf('operator'),
      'unknownUser',
    ],
  ])('with %s gets no answer, is reported and counted once', (_, name, password, reason) => {
    const bmc = bmcV15();
    const console = challengedV15(bmc, name, password);
    const activate = console.activateSession('user');

    // ipmitool sends Activate Session four times.
    for (let time = 0; time < 4; time += 1) expect(bmc.send(activate)).toEqual([]);
    expect(bmc.events).toEqual([{ kind: 'sessionRefused', source: '192.0.2.7:40001', user: name, reason }]);
    bmc.advance(limits.handshakeMs);
    expect(bmc.endpoint.wantsTick).toBe(false);
  });

  test('is impossible with a password of more than 16 bytes', () => {
    const bmc = bmcV15({ users: [user('long', 'seventeen bytes !')] });
    const console = challengedV15(bmc, 'long', 'seventeen bytes !');

    expect(bmc.send(console.activateSession('user'))).toEqual([]);
    expect(bmc.eventsOf('sessionRefused')).toMatchObject([{ user: 'long', reason: 'passwordTooLong' }]);
  });

  test('is possible with a password and a name of 16 bytes', () => {
    const bmc = bmcV15({ users: [user('sixteen_bytes_16', 'sixteen bytes !!')] });
    const console = challengedV15(bmc, 'sixteen_bytes_16', 'sixteen bytes !!');

    expect(askV15(bmc, console, console.activateSession('user'))?.completionCode).toBe(0);
  });

  test('without the right challenge does not count as a failed login', () => {
    const bmc = bmcV15();
    const console = challengedV15(bmc, 'operator', 'guess');
    const forged = console.activateSession('user', { challenge: new Uint8Array(16) });

    expect(bmc.send(forged)).toEqual([]);
    expect(bmc.events).toEqual([]);
  });

  test('is refused after too many wrong passwords, even with the right one', () => {
    const bmc = bmcV15({ loginPolicy: { attempts: 3, lockoutMs: 60_000 } });
    const early = challengedV15(bmc, 'operator');
    const guessing = Array.from({ length: 3 }, () => challengedV15(bmc, 'operator', 'guess'));
    for (const console of guessing) bmc.send(console.activateSession('user'));
    const late = new ConsoleV15('operator', shortPasswordOf('operator'));

    expect(bmc.eventsOf('loginLockedOut')).toMatchObject([{ user: 'operator', source: '192.0.2.7' }]);
    expect(askV15(bmc, late, late.getSessionChallenge())?.completionCode).toBe(0xc0);
    expect(bmc.send(early.activateSession('user'))).toEqual([]);
  });

  test('is refused beyond the number of sessions per user', () => {
    const bmc = bmcV15();
    for (let session = 0; session < limits.sessionsPerUser.user; session += 1) loginV15(bmc, 'user');
    const console = challengedV15(bmc, 'user');

    expect(askV15(bmc, console, console.activateSession('user'))?.completionCode).toBe(0x81);
  });

  test('outside a session is refused', () => {
    const bmc = bmcV15();
    const console = new ConsoleV15('operator', shortPasswordOf('operator'));
    const sealed = console.activateSession('user');

    expect(bmc.send(sealed)).toEqual([]);
  });
});

test('a change of the user ends the session', () => {
  const bmc = bmcV15();
  const console = loginV15(bmc, 'operator');
  bmc.handle({ type: 'users', users: [] });

  expect(codeOfV15(bmc, console, getDeviceId, undefined)).toBeUndefined();
});
