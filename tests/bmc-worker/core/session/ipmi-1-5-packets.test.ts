/** Which packets an IPMI 1.5 session accepts: every input in every state, sequence numbers, every flipped bit. */
import {
  chassisControlCommand,
  decodeRmcpPacket,
  decodeSessionPacketV15,
  encodeRmcpPacket,
  encodeSessionPacketV15,
  getDeviceId,
  RMCP_HEADER_LENGTH,
  sealSessionPacketV20,
  SessionSecurityV20,
  setSessionPrivilegeLevel,
} from '@vbmc/ipmi-codec';
import { limits } from '#worker/core/terms/limits.ts';
import type { ConsoleV15 } from '#support/console/console-v1-5.ts';
import { ask, handshake, newConsole } from '#support/bmc/console-of-bmc.ts';
import {
  askV15,
  bmcV15,
  challengedV15,
  codeOfV15,
  loginV15,
  shortPasswordOf,
} from '#support/bmc/console-v1-5-of-bmc.ts';
import type { SimulatedBmc } from '#support/bmc/simulated-bmc.ts';

interface Scene {
  readonly bmc: SimulatedBmc;
  readonly console: ConsoleV15;
  /** The Activate Session that the BMC accepted, if it accepted one. */
  readonly activation: Uint8Array;
}

/** `used` is an active session that has received a packet; `gone` is one that timed out. */
const states = ['challenged', 'active', 'used', 'gone'] as const;
type State = (typeof states)[number];

function scene(state: State): Scene {
  const bmc = bmcV15();
  const console = challengedV15(bmc, 'operator');
  const activation = console.activateSession('operator');
  if (state === 'challenged') return { bmc, console, activation };
  askV15(bmc, console, activation);
  if (state === 'used') codeOfV15(bmc, console, getDeviceId, undefined);
  if (state === 'gone') bmc.advance(limits.sessionInactivityMs + 1_000);
  return { bmc, console, activation };
}

/** The same packet without its authentication code. */
function bare(datagram: Uint8Array): Uint8Array {
  const packet = decodeSessionPacketV15(decodeRmcpPacket(datagram).body);
  const body = encodeSessionPacketV15({
    ...packet,
    authenticationType: 'none',
    authCode: new Uint8Array(0),
  });
  return encodeRmcpPacket({ messageClass: 'ipmi', sequenceNumber: 0xff, body });
}

const inputs: Readonly<Record<string, (scene: Scene) => Uint8Array>> = {
  'the right Activate Session': ({ activation }) => activation,
  'Activate Session with another challenge': ({ console }) =>
    console.activateSession('operator', { challenge: new Uint8Array(16) }),
  'Activate Session without a code': ({ activation }) => bare(activation),
  'a request': ({ console }) => console.request(getDeviceId, undefined),
  'a request with session sequence number 0': ({ console }) => {
    console.nextSequenceNumber = 0;
    return console.request(getDeviceId, undefined);
  },
  'a request without a code': ({ console }) => bare(console.request(getDeviceId, undefined)),
};

/** Which inputs are answered in which state. */
const answered: Readonly<Record<State, readonly string[]>> = {
  challenged: ['the right Activate Session'],
  // The answer to Activate Session may have been lost.
  active: ['the right Activate Session', 'a request'],
  used: ['a request'],
  gone: [],
};

const table = states.flatMap((state) => Object.keys(inputs).map((input) => [state, input] as const));

test.each(table)('%s: %s', (state, input) => {
  const at = scene(state);
  const datagram = inputs[input]?.(at) ?? new Uint8Array(0);

  expect(at.bmc.send(datagram)).toHaveLength(answered[state].includes(input) ? 1 : 0);
});

test('a repeated Activate Session gets the same session and opens no second one', () => {
  const { bmc, console, activation } = scene('active');

  expect(askV15(bmc, console, activation)).toMatchObject({
    completionCode: 0,
    value: { sessionId: console.sessionId, initialInboundSequenceNumber: console.nextSequenceNumber },
  });
  expect(bmc.endpoint.describeSessions(bmc.now)).toHaveLength(1);
  expect(bmc.eventsOf('sessionOpened')).toHaveLength(1);
  expect(codeOfV15(bmc, console, getDeviceId, undefined)).toBe(0);
});

/** Offset from the next number → whether the session accepts it. */
const offsets: readonly [number, boolean][] = [
  [-1_000, false],
  [-17, false],
  [-16, false],
  [-1, false],
  [0, true],
  [1, true],
  [14, true],
  [15, false],
  [16, false],
  [1_000, false],
  [0x7fff_ffff, false],
];

describe('session sequence numbers', () => {
  test.each(offsets)('the first packet at %d from the number that the BMC chose', (offset, taken) => {
    const { bmc, console } = scene('active');
    console.nextSequenceNumber = (console.nextSequenceNumber + offset) >>> 0;

    // Numbers before the first one count as seen.
    expect(codeOfV15(bmc, console, getDeviceId, undefined)).toBe(taken ? 0 : undefined);
  });

  test('a skipped number is accepted once', () => {
    const { bmc, console } = scene('active');
    const late = console.request(getDeviceId, undefined);
    expect(codeOfV15(bmc, console, getDeviceId, undefined)).toBe(0);

    expect(bmc.send(late)).toHaveLength(1);
    expect(bmc.send(late)).toEqual([]);
  });

  test('a forged packet does not move the window', () => {
    const { bmc, console } = scene('active');
    const forged = console.request(getDeviceId, undefined).slice();
    forged[RMCP_HEADER_LENGTH + 9] = (forged[RMCP_HEADER_LENGTH + 9] ?? 0) ^ 1;
    console.nextSequenceNumber -= 1;

    expect(bmc.send(forged)).toEqual([]);
    expect(codeOfV15(bmc, console, getDeviceId, undefined)).toBe(0);
  });

  test('the BMC’s numbers begin where the remote console said and skip 0', () => {
    const bmc = bmcV15();
    const console = challengedV15(bmc, 'user');
    const first = askV15(
      bmc,
      console,
      console.activateSession('user', { initialOutboundSequenceNumber: 0xffff_fffe }),
    );
    const next = Array.from(
      { length: 3 },
      () => askV15(bmc, console, console.request(getDeviceId, undefined))?.sessionSequenceNumber,
    );

    expect([first?.sessionSequenceNumber, ...next]).toEqual([0xffff_fffe, 0xffff_ffff, 1, 2]);
  });
});

test('a request with any bit flipped does not run', () => {
  const { bmc, console } = scene('used');
  expect(codeOfV15(bmc, console, setSessionPrivilegeLevel, { privilegeLevel: 3 })).toBe(0);
  const reset = console.request(chassisControlCommand, { chassisControl: 'hardReset' });
  const asked = bmc.actions.length;
  for (let position = RMCP_HEADER_LENGTH * 8; position < reset.length * 8; position += 1) {
    const flipped = reset.slice();
    flipped[position >>> 3] = (flipped[position >>> 3] ?? 0) ^ (1 << (position & 7));
    bmc.send(flipped);
  }

  expect(bmc.actions).toHaveLength(asked);
  bmc.send(reset);
  expect(bmc.actions).toHaveLength(asked + 1);
});

describe('the two kinds of packets do not mix', () => {
  test('an RMCP+ packet with the id of an IPMI 1.5 session', () => {
    const { bmc, console } = scene('active');
    for (const suite of [0, 17] as const) {
      const datagram = sealSessionPacketV20(
        new SessionSecurityV20(suite, new Uint8Array(32)),
        {
          payloadType: 'ipmiMessage',
          sessionId: console.sessionId,
          sessionSequenceNumber: 1,
          payload: Uint8Array.of(0x20, 0x18, 0xc8, 0x81, 0x04, 0x01, 0x7a),
        },
        new Uint8Array(16),
      );
      expect(bmc.send(datagram)).toEqual([]);
    }
  });

  test('an IPMI 1.5 packet with the id of an RMCP+ session', () => {
    const bmc = bmcV15();
    const session = newConsole({ userName: 'user', password: shortPasswordOf('user') });
    handshake(bmc, session);
    const { console } = scene('active');
    console.sessionId = session.managedSystemSessionId;
    console.nextSequenceNumber = 1;

    expect(bmc.send(console.request(getDeviceId, undefined))).toEqual([]);
  });

  test('RAKP Message 1 for an IPMI 1.5 session', () => {
    const { bmc, console } = scene('challenged');
    const rmcpPlus = newConsole();
    ask(bmc, rmcpPlus, rmcpPlus.openSessionRequest());
    const sent = bmc.send(rmcpPlus.rakpMessage1({ managedSystemSessionId: console.sessionId }));

    expect(sent.map(({ datagram }) => rmcpPlus.receive(datagram))).toMatchObject([
      { kind: 'refusal', refusal: { status: 'invalidSessionId' } },
    ]);
  });
});

test('a retransmitted power command runs once', () => {
  const bmc = bmcV15();
  const console = loginV15(bmc, 'operator');
  codeOfV15(bmc, console, setSessionPrivilegeLevel, { privilegeLevel: 3 });
  const { payload } = decodeSessionPacketV15(
    decodeRmcpPacket(console.request(chassisControlCommand, { chassisControl: 'hardReset' })).body,
  );
  for (let time = 0; time < 4; time += 1) bmc.send(console.seal({ payload }));

  expect(bmc.asked('chassisControl')).toBe(1);
});
