import fc from 'fast-check';
import {
  encodeRmcpPacket,
  encodeSessionHeaderV20,
  encodeSessionPacketV15,
  peekSessionId,
} from '@vbmc/ipmi-codec';

const id = fc.integer({ min: 0, max: 0xffff_ffff });
const payload = fc.uint8Array({ maxLength: 60 });
function rmcp(body: Uint8Array): Uint8Array {
  return encodeRmcpPacket({ messageClass: 'ipmi', sequenceNumber: 0xff, body });
}

test('the session id of an RMCP+ packet', () => {
  fc.assert(
    fc.property(id, id, payload, (sessionId, sessionSequenceNumber, data) => {
      const header = encodeSessionHeaderV20(
        {
          payloadType: 'ipmiMessage',
          encrypted: true,
          authenticated: true,
          sessionId,
          sessionSequenceNumber,
        },
        data.length,
      );
      expect(peekSessionId(rmcp(Uint8Array.from([...header, ...data])))).toBe(sessionId);
    }),
  );
});

test('the session id of an IPMI 1.5 packet', () => {
  fc.assert(
    fc.property(id, id, payload, (sessionId, sessionSequenceNumber, data) => {
      const packet = encodeSessionPacketV15({
        authenticationType: 'md5',
        sessionSequenceNumber,
        sessionId,
        authCode: new Uint8Array(16),
        payload: data,
      });
      expect(peekSessionId(rmcp(packet))).toBe(sessionId);
    }),
  );
});

test('is an unsigned number of 32 bits for any bytes, and 0 for an empty datagram', () => {
  expect(peekSessionId(new Uint8Array(0))).toBe(0);
  fc.assert(
    fc.property(fc.uint8Array({ maxLength: 20 }), (bytes) => {
      const peeked = peekSessionId(bytes);
      expect(peeked).toBe(peeked >>> 0);
    }),
  );
});
