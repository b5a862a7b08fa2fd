import fc from 'fast-check';
import {
  decodeRmcpPacket,
  decodeSessionPacketV20,
  openSessionPacketV20,
  RMCP_HEADER_LENGTH,
  sealSessionPacketV20,
  SessionSecurityV20,
  type CipherSuiteId,
} from '@vbmc/ipmi-codec';
import { bytes, bytesUpTo, u32 } from '#support/arbitraries.ts';
import { attempt } from '#support/decoder-properties.ts';
import { fromHex, toHex } from '#support/hex.ts';

/** Cipher suite, length of its session integrity key, payload type byte of an IPMI message. */
const suites: readonly [CipherSuiteId, number, number][] = [
  [3, 20, 0xc0],
  [17, 32, 0xc0],
  [2, 20, 0x40],
  [16, 32, 0x40],
  [1, 20, 0x00],
  [15, 32, 0x00],
  [0, 0, 0x00],
];
const iv = fromHex('101112131415161718191a1b1c1d1e1f');

function open(security: SessionSecurityV20, datagram: Uint8Array): Uint8Array | undefined {
  const { body } = decodeRmcpPacket(datagram);
  return openSessionPacketV20(security, body, decodeSessionPacketV20(body));
}

const payload = fromHex('2018c88100388e04b5');
const outbound = {
  payloadType: 'ipmiMessage',
  sessionId: 0x0102_0304,
  sessionSequenceNumber: 7,
  payload,
} as const;

function accepts(security: SessionSecurityV20, datagram: Uint8Array): boolean {
  const outcome = attempt(() => open(security, datagram));
  return 'value' in outcome && outcome.value !== undefined;
}

describe.each(suites)('session packet of cipher suite %d', (suite, sikLength, ownTypeByte) => {
  const security = new SessionSecurityV20(suite, new Uint8Array(sikLength).fill(0x5a));
  const sealed = sealSessionPacketV20(security, outbound, iv);

  it('opens a packet that it sealed', () => {
    fc.assert(
      fc.property(bytesUpTo(200), u32, u32, bytes(16), (data, sessionId, sessionSequenceNumber, random) => {
        const datagram = sealSessionPacketV20(
          security,
          { ...outbound, sessionId, sessionSequenceNumber, payload: data },
          random,
        );
        expect(decodeSessionPacketV20(decodeRmcpPacket(datagram).body)).toMatchObject({
          payloadType: 'ipmiMessage',
          encrypted: (ownTypeByte & 0x80) !== 0,
          authenticated: (ownTypeByte & 0x40) !== 0,
          sessionId,
          sessionSequenceNumber,
        });
        const opened = open(security, datagram);
        expect(opened && toHex(opened)).toBe(toHex(data));
      }),
    );
  });

  it('refuses every truncation and every added byte', () => {
    const lengths = Array.from({ length: sealed.length }, (_, length) => sealed.subarray(0, length));
    for (const changed of [...lengths, Uint8Array.from([...sealed, 0])]) {
      expect(accepts(security, changed)).toBe(false);
    }
  });

  it('refuses a packet marked with other protections than the suite has', () => {
    for (const typeByte of [0x00, 0x40, 0x80, 0xc0].filter((byte) => byte !== ownTypeByte)) {
      const changed = sealed.slice();
      changed[RMCP_HEADER_LENGTH + 1] = typeByte;
      expect(accepts(security, changed)).toBe(false);
    }
  });
});

describe.each(suites.filter(([, , typeByte]) => (typeByte & 0x40) !== 0))(
  'authenticated packet of cipher suite %d',
  (suite, sikLength) => {
    const security = new SessionSecurityV20(suite, new Uint8Array(sikLength).fill(0x5a));
    const sealed = sealSessionPacketV20(security, outbound, iv);

    it('is refused with any bit flipped after the RMCP header, which has no authentication', () => {
      for (let position = RMCP_HEADER_LENGTH * 8; position < sealed.length * 8; position += 1) {
        const flipped = sealed.slice();
        flipped[position >>> 3] = (flipped[position >>> 3] ?? 0) ^ (1 << (position & 7));
        expect({ position, accepted: accepts(security, flipped) }).toEqual({ position, accepted: false });
      }
    });

    it('is refused in another session', () => {
      const other = new SessionSecurityV20(suite, new Uint8Array(sikLength).fill(0x5b));
      expect(open(other, sealed)).toBeUndefined();
    });
  },
);
