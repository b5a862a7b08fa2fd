import {
  decodeSessionPacketV15,
  k1,
  k2,
  rakpMessage2Code,
  rakpMessage3Code,
  rakpMessage4Value,
  RMCP_HEADER_LENGTH,
  sealSessionPacketV15,
  type IpmiMessage,
} from '@vbmc/ipmi-codec';
import { fromHex, toHex, withHexBytes } from '#support/hex.ts';
import { encodeAgain } from './encode-again.ts';
import { commandOf, Exchange, type DecodedDatagram } from './exchange.ts';
import { readRecording, recordingNames, type Recording } from './recording.ts';

interface Step {
  readonly hex: string;
  readonly from: 'remoteConsole' | 'bmc';
  readonly expected: unknown;
  readonly decoded: DecodedDatagram;
}

function follow(recording: Recording): { exchange: Exchange; steps: Step[] } {
  const exchange = new Exchange(recording);
  const steps = recording.datagrams.map(({ decoded: expected, ...datagram }) => ({
    ...datagram,
    expected,
    decoded: exchange.decode(datagram),
  }));
  return { exchange, steps };
}

/** ipmi_sim pads its refusals to the length of an acceptance; the bytes after byte 8 are meaningless. */
function isRefusal({ message }: DecodedDatagram): boolean {
  return 'status' in message && message.status !== 'noErrors' && message.status !== 0;
}

/** Responses with fields that this codec does not decode: user-level flags, optional bytes, device support bits. */
const responsesWithMore = new Set([
  'Get Channel Authentication Capabilities',
  'Get Device ID',
  'Get Chassis Status',
]);

describe.each(recordingNames)('%s', (name) => {
  const recording = readRecording(name);
  const { exchange, steps } = follow(recording);

  it('decodes to the values in the recording', () => {
    expect(steps.length).toBeGreaterThan(0);
    for (const { decoded, expected } of steps) expect(withHexBytes(decoded)).toEqual(expected);
  });

  it('encodes to the same bytes again', () => {
    for (const { hex, decoded } of steps) {
      if (isRefusal(decoded)) continue;
      expect(toHex(encodeAgain(fromHex(hex), () => exchange.security))).toBe(hex);
    }
  });

  it("encodes every command's data to the same bytes again", () => {
    for (const { from, decoded } of steps) {
      const message = decoded.message as IpmiMessage;
      const command = decoded.command === undefined ? undefined : commandOf(message);
      if (command === undefined || decoded.command === undefined) continue;
      const { completionCode = 0, value } = decoded.command;
      if (from === 'remoteConsole') expect(toHex(command.request.encode(value))).toBe(toHex(message.data));
      else if (completionCode === 0 && !responsesWithMore.has(command.name)) {
        expect(toHex(command.response.encode(value))).toBe(toHex(message.data.subarray(1)));
      }
    }
  });
});

describe.each(recordingNames.filter((name) => name.includes('1.5')))('authentication codes of %s', (name) => {
  const { exchange, steps } = follow(readRecording(name));
  const authenticated = steps.flatMap(({ hex, from, decoded: { session } }) =>
    typeof session === 'object' && 'authentic' in session ? [{ hex, from, ...session }] : [],
  );

  it('match the password, unless the remote console had a wrong one', () => {
    expect(authenticated.length).toBeGreaterThanOrEqual(2);
    for (const { from, authentic } of authenticated) {
      expect(authentic).toBe(from === 'bmc' || !name.includes('wrong'));
    }
  });

  it('are the ones that the codec computes', () => {
    for (const { hex, authentic, ...packet } of authenticated.filter((one) => one.authentic)) {
      const { payload } = decodeSessionPacketV15(fromHex(hex).subarray(RMCP_HEADER_LENGTH));
      expect({
        authentic,
        hex: toHex(sealSessionPacketV15(exchange.securityV15, { ...packet, payload })),
      }).toEqual({
        authentic,
        hex,
      });
    }
  });

  it('have session sequence numbers that rise by one in each direction', () => {
    for (const from of ['bmc', 'remoteConsole'] as const) {
      // Skips Activate Session and its response: their numbers are 0 and, with ipmi_sim, one that the BMC sends again.
      const [, ...numbers] = authenticated
        .filter((one) => one.from === from)
        .map(({ sessionSequenceNumber }) => sessionSequenceNumber);
      if (!name.includes('wrong'))
        expect(numbers).toEqual(numbers.map((_, index) => ((numbers[0] ?? 0) + index) >>> 0));
    }
  });
});

describe.each(recordingNames.filter((name) => name.includes('suite')))('keys of %s', (name) => {
  const recording = readRecording(name);
  const { exchange, steps } = follow(recording);
  const { algorithm, kuid, rakp, sik } = exchange;
  const code = (field: string): unknown =>
    steps.map(
      ({ decoded }) => Object.entries(decoded.message).find(([key]) => key === field)?.[1] as unknown,
    );

  it('computes the codes of RAKP Message 2, 3 and 4 that the peers sent', () => {
    expect(code('keyExchangeAuthenticationCode')).toContainEqual(rakpMessage2Code(algorithm, kuid, rakp));
    expect(code('keyExchangeAuthenticationCode')).toContainEqual(rakpMessage3Code(algorithm, kuid, rakp));
    expect(code('integrityCheckValue')).toContainEqual(rakpMessage4Value(algorithm, sik, rakp));
  });

  it('opens every packet of the session', () => {
    const inside = steps.filter(
      ({ decoded }) =>
        typeof decoded.session === 'object' && 'encrypted' in decoded.session && decoded.session.encrypted,
    );
    expect(inside.length).toBeGreaterThanOrEqual(6);
  });

  it('computes the SIK, K1 and K2 that ipmitool printed', () => {
    const printed = recording.keysPrintedByClient;
    expect(printed === undefined).toBe(name.startsWith('freeipmi'));
    if (printed === undefined) return;
    expect({
      sik: toHex(sik),
      k1: toHex(k1(algorithm, sik)),
      k2: toHex(k2(algorithm, sik)),
    }).toEqual(printed);
  });
});
