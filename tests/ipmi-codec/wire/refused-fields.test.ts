import {
  decodeAsfPresence,
  decodeIpmiMessage,
  decodeOpenSessionRequest,
  decodeOpenSessionResponse,
  decodeRakpMessage1,
  decodeRakpMessage2,
  decodeRmcpPacket,
  decodeSessionPacketV15,
  decodeSessionPacketV20,
} from '@vbmc/ipmi-codec';
import { attempt } from '#support/decoder-properties.ts';
import { fromHex, toHex } from '#support/hex.ts';

const OPEN_SESSION = '00040000a4a3a2a0000000080100000001000008010000000200000801000000';

describe('refused', () => {
  it.each<[string, (bytes: Uint8Array) => unknown, string]>([
    ['RMCP version 5', decodeRmcpPacket, '0500ff07'],
    ['an RMCP acknowledge', decodeRmcpPacket, '0600ff87'],
    ['the OEM class', decodeRmcpPacket, '0600ff08'],
    ['another ASF enterprise number', decodeAsfPresence, '000011bf80000000'],
    ['another ASF message', decodeAsfPresence, '000011be41000000'],
    ['authentication type MD2', decodeSessionPacketV15, `01${'00'.repeat(25)}`],
    ['authentication type password', decodeSessionPacketV15, `04${'00'.repeat(25)}`],
    ['authentication type OEM', decodeSessionPacketV15, `05${'00'.repeat(25)}`],
    ['authentication type MD5 without a code', decodeSessionPacketV15, '0200000000000000000000'],
    ['two bytes after an IPMI 1.5 payload', decodeSessionPacketV15, '000000000000000000000000'],
    ['authentication type none in an RMCP+ header', decodeSessionPacketV20, '000000000000000000000000'],
    ['an OEM explicit payload', decodeSessionPacketV20, '060200000000000000000000'],
    ['a reserved payload type', decodeSessionPacketV20, '063f00000000000000000000'],
    ['a payload longer than its packet', decodeSessionPacketV20, '06000000000000000000ffff00'],
    ['a wrong header checksum', decodeIpmiMessage, '2018c981003801a6'],
    ['a wrong data checksum', decodeIpmiMessage, '2018c8810038018f'],
    [
      'an algorithm payload of another type in an Open Session Response',
      decodeOpenSessionResponse,
      `0000${OPEN_SESSION.slice(4, 16)}01020304${OPEN_SESSION.slice(16).replace('01000008', '02000008')}`,
    ],
    ['a 33rd byte of Open Session', decodeOpenSessionRequest, `${OPEN_SESSION}00`],
    ['an undefined RMCP+ status', decodeRakpMessage2, '00ff0000a4a3a2a0'],
  ])('%s', (_what, decode, hex) => {
    expect(attempt(() => decode(fromHex(hex)))).toHaveProperty('error');
  });
});

describe('a complete Open Session Request without a valid proposal decodes to a refusal', () => {
  it.each([
    ['00000008', '03000008', 'invalidPayloadType'],
    ['00000008', '01000008', 'noMatchingAuthenticationPayload'],
    ['01000008', '02000008', 'noMatchingIntegrityPayload'],
    ['02000008', '00000008', 'illegalOrUnrecognizedParameter'],
    ['02000008', 'ff000008', 'invalidPayloadType'],
    ['01000008', '01000009', 'illegalOrUnrecognizedParameter'],
  ])('%s → %s: %s', (found, put, status) => {
    const at = OPEN_SESSION.indexOf(found, 16);
    const request = OPEN_SESSION.slice(0, at) + put + OPEN_SESSION.slice(at + found.length);
    expect(decodeOpenSessionRequest(fromHex(request))).toEqual({
      messageTag: 0,
      status,
      remoteConsoleSessionId: 0xa0a2_a3a4,
    });
  });
});

describe('accepted', () => {
  it('a legacy pad byte after an IPMI 1.5 payload (v2.0§13.6)', () => {
    const { payload } = decodeSessionPacketV15(fromHex('00000000000000000001aa00'));
    expect(toHex(payload)).toBe('aa');
  });

  it('null algorithm payloads, which leave the choice to the BMC', () => {
    const nulls = `00040000a4a3a2a0000000000000000001000000000000000200000000000000`;
    expect(decodeOpenSessionRequest(fromHex(nulls))).toMatchObject({
      algorithms: { authentication: undefined, integrity: undefined, confidentiality: undefined },
    });
  });

  it('a user name that is not UTF-8, and bytes after it', () => {
    expect(decodeRakpMessage1(fromHex(`${'00'.repeat(27)}02fffe00`))).toMatchObject({
      userName: fromHex('fffe'),
    });
  });
});
