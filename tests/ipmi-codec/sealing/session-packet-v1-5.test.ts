import { createHash } from 'node:crypto';
import { inspect } from 'node:util';
import fc from 'fast-check';
import {
  decodeRmcpPacket,
  decodeSessionPacketV15,
  openSessionPacketV15,
  RMCP_HEADER_LENGTH,
  sealSessionPacketV15,
  SessionSecurityV15,
} from '@vbmc/ipmi-codec';
import { bytesUpTo, u32 } from '#support/arbitraries.ts';
import { attempt } from '#support/decoder-properties.ts';
import { fromHex, toHex } from '#support/hex.ts';

const password = new TextEncoder().encode('tRustn0.1');
const security = new SessionSecurityV15(password);
const outbound = {
  sessionId: 0x0102_0304,
  sessionSequenceNumber: 7,
  payload: fromHex('2018c8810401007a'),
};

function open(by: SessionSecurityV15, datagram: Uint8Array): Uint8Array | undefined {
  return openSessionPacketV15(by, decodeSessionPacketV15(decodeRmcpPacket(datagram).body));
}

test('opens a packet that it sealed', () => {
  fc.assert(
    fc.property(bytesUpTo(255), u32, u32, (payload, sessionId, sessionSequenceNumber) => {
      const datagram = sealSessionPacketV15(security, { sessionId, sessionSequenceNumber, payload });
      expect(decodeSessionPacketV15(decodeRmcpPacket(datagram).body)).toMatchObject({
        authenticationType: 'md5',
        sessionId,
        sessionSequenceNumber,
      });
      const opened = open(security, datagram);
      expect(opened && toHex(opened)).toBe(toHex(payload));
    }),
  );
});

test('the code is MD5 of password, session id, payload, sequence number and password (v2.0§22.17.1)', () => {
  const padded = Buffer.alloc(16);
  padded.set(password);
  const code = createHash('md5')
    .update(Buffer.concat([padded, fromHex('04030201'), outbound.payload, fromHex('07000000'), padded]))
    .digest('hex');

  expect(toHex(sealSessionPacketV15(security, outbound)).slice(2 * (RMCP_HEADER_LENGTH + 9))).toMatch(code);
});

test('refuses a packet with any bit flipped after the RMCP header, which has no authentication', () => {
  const sealed = sealSessionPacketV15(security, outbound);
  for (let position = RMCP_HEADER_LENGTH * 8; position < sealed.length * 8; position += 1) {
    const flipped = sealed.slice();
    flipped[position >>> 3] = (flipped[position >>> 3] ?? 0) ^ (1 << (position & 7));
    const outcome = attempt(() => open(security, flipped));
    expect({ position, accepted: 'value' in outcome && outcome.value !== undefined }).toEqual({
      position,
      accepted: false,
    });
  }
});

test('refuses every truncation', () => {
  const sealed = sealSessionPacketV15(security, outbound);
  for (let length = 0; length < sealed.length; length += 1) {
    const outcome = attempt(() => open(security, sealed.subarray(0, length)));
    expect('value' in outcome && outcome.value !== undefined).toBe(false);
  }
});

test('refuses a packet made with another password, and one marked as not authenticated', () => {
  const sealed = sealSessionPacketV15(security, outbound);
  expect(open(new SessionSecurityV15(fromHex('00')), sealed)).toBeUndefined();
  const bare = Uint8Array.from([
    ...sealed.subarray(0, RMCP_HEADER_LENGTH),
    0,
    ...sealed.subarray(RMCP_HEADER_LENGTH + 1, RMCP_HEADER_LENGTH + 9),
    ...sealed.subarray(RMCP_HEADER_LENGTH + 25),
  ]);
  expect(open(security, bare)).toBeUndefined();
});

test('has no printable form that shows the password', () => {
  const printed = [
    JSON.stringify(security),
    inspect(security, { showHidden: true, depth: null, getters: true }),
  ].join('\n');
  for (const form of ['tRustn0.1', toHex(password), [...password].join(', ')]) {
    expect(printed).not.toContain(form);
  }
});
