import { getSessionInfo } from '@vbmc/ipmi-codec';
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
    for (const unknown of [{ index: 3 }, { handle: 7 }, { sessionId: 7 }])
      expect(completionCodeOf(bmc, console, getSessionInfo, unknown)).toBe(0xcb);
  });

  test('returns the IPv4 address, and zeros for an IPv6 address', () => {
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

  test('a handle is reused when its session has ended', () => {
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
