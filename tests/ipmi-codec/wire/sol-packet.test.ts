/** Serial over LAN: payload type 1 (v2.0§15.9). Golden bytes as ipmitool 1.8.19 and FreeIPMI 1.6.9 send them. */
import fc from 'fast-check';
import {
  decodeRmcpPacket,
  decodeSessionPacketV20,
  decodeSolPacketToBmc,
  decodeSolPacketToConsole,
  encodeSolPacketToBmc,
  encodeSolPacketToConsole,
  openSessionPacketV20,
  sealSessionPacketV20,
  SessionSecurityV20,
  type CipherSuiteId,
} from '@vbmc/ipmi-codec';
import * as any from '#support/arbitraries.ts';
import { decoderProperties, describeDecoders } from '#support/decoder-properties.ts';
import { fromHex, toHex } from '#support/hex.ts';

const common = {
  sequenceNumber: any.bits(4),
  acknowledged: any.bits(4),
  acceptedCharacters: any.byte,
  nack: fc.boolean(),
  characters: any.bytesUpTo(255),
};
const toBmc = fc.record({
  ...common,
  ...{ ring: fc.boolean(), sendBreak: fc.boolean(), deassertCts: fc.boolean() },
  ...{ deassertDcdDsr: fc.boolean(), flushInbound: fc.boolean(), flushOutbound: fc.boolean() },
});
const toConsole = fc.record({
  ...common,
  ...{ transferUnavailable: fc.boolean(), deactivating: fc.boolean() },
  ...{ transmitOverrun: fc.boolean(), breakDetected: fc.boolean() },
});

describeDecoders([
  decoderProperties({
    name: 'SOL packet to the BMC',
    arbitrary: toBmc,
    encode: encodeSolPacketToBmc,
    decode: decodeSolPacketToBmc,
    shortest: 4,
  }),
  decoderProperties({
    name: 'SOL packet to the remote console',
    arbitrary: toConsole,
    encode: encodeSolPacketToConsole,
    decode: decodeSolPacketToConsole,
    shortest: 4,
  }),
]);

const nothing = { sequenceNumber: 0, acknowledged: 0, acceptedCharacters: 0, nack: false };

test.each([
  ['a key', '0100000061', { sequenceNumber: 1, characters: fromHex('61') }],
  ['an acknowledgement', '0003fb00', { acknowledged: 3, acceptedCharacters: 251 }],
  ['a break', '02000010', { sequenceNumber: 2, sendBreak: true }],
  ['reserved bits, which count for nothing', 'f0f00080', {}],
])('to the BMC: %s', (_what, hex, fields) => {
  expect(decodeSolPacketToBmc(fromHex(hex))).toEqual({
    ...nothing,
    ...{ ring: false, sendBreak: false, deassertCts: false, deassertDcdDsr: false },
    ...{ flushInbound: false, flushOutbound: false, characters: new Uint8Array(0) },
    ...fields,
  });
});

test.each([
  ['nack', '00000040'],
  ['transferUnavailable', '00000020'],
  ['deactivating', '00000010'],
  ['transmitOverrun', '00000008'],
  ['breakDetected', '00000004'],
])('to the remote console: %s', (field, hex) => {
  const packet = {
    ...nothing,
    ...{ transferUnavailable: false, deactivating: false, transmitOverrun: false, breakDetected: false },
    characters: new Uint8Array(0),
    [field]: true,
  };
  expect(toHex(encodeSolPacketToConsole(packet))).toBe(hex);
});

const suites: readonly [CipherSuiteId, sikLength: number, typeByte: number][] = [
  [3, 20, 0xc1],
  [17, 32, 0xc1],
  [2, 20, 0x41],
  [1, 20, 0x01],
];

describe.each(suites)('a SOL payload in a session of cipher suite %d', (suite, sikLength, typeByte) => {
  const security = new SessionSecurityV20(suite, new Uint8Array(sikLength).fill(0x5a));
  const seal = (payload: Uint8Array): Uint8Array =>
    sealSessionPacketV20(
      security,
      { payloadType: 'sol', sessionId: 1, sessionSequenceNumber: 2, payload },
      new Uint8Array(16),
    );

  test('is opened as it was sealed, at every length that a console sends', () => {
    for (let length = 0; length <= 255; length += 1) {
      const payload = encodeSolPacketToBmc({
        ...decodeSolPacketToBmc(fromHex('01000000')),
        characters: Uint8Array.from({ length }, (_, at) => at),
      });
      const { body } = decodeRmcpPacket(seal(payload));
      const packet = decodeSessionPacketV20(body);
      const opened = openSessionPacketV20(security, body, packet);
      expect([body[1], packet.payloadType, opened && toHex(opened)]).toEqual([
        ...[typeByte, 'sol', toHex(payload)],
      ]);
    }
  });

  test('is not opened as another type of payload', () => {
    const { body } = decodeRmcpPacket(seal(fromHex('0100000061')));
    const changed = Uint8Array.from(body);
    changed[1] = typeByte & 0xc0;
    const opened = openSessionPacketV20(security, changed, decodeSessionPacketV20(changed));
    expect(opened === undefined).toBe((typeByte & 0x40) !== 0);
  });
});
