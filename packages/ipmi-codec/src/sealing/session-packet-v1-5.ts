import { codesEqual } from '../crypto/rakp.ts';
import type { SessionSecurityV15 } from '../crypto/session-security-v1-5.ts';
import { encodeRmcpPacket } from '../wire/rmcp-header.ts';
import { encodeSessionPacketV15, type SessionPacketV15 } from '../wire/session-header-v1-5.ts';

/** A payload to be sent in an IPMI 1.5 session. */
export type OutboundPayloadV15 = Pick<SessionPacketV15, 'sessionId' | 'sessionSequenceNumber' | 'payload'>;

/** The whole datagram, including the RMCP header, authenticated by MD5. */
export function sealSessionPacketV15(security: SessionSecurityV15, outbound: OutboundPayloadV15): Uint8Array {
  const { sessionId, sessionSequenceNumber, payload } = outbound;
  const body = encodeSessionPacketV15({
    authenticationType: 'md5',
    sessionId,
    sessionSequenceNumber,
    authCode: security.authCode(sessionId, sessionSequenceNumber, payload),
    payload,
  });
  return encodeRmcpPacket({ messageClass: 'ipmi', sequenceNumber: 0xff, body });
}

/** The payload of a packet that was authenticated with this session's password; `undefined` for any other packet. */
export function openSessionPacketV15(
  security: SessionSecurityV15,
  packet: SessionPacketV15,
): Uint8Array | undefined {
  const { authenticationType, sessionId, sessionSequenceNumber, authCode, payload } = packet;
  if (authenticationType !== 'md5') return undefined;
  const expected = security.authCode(sessionId, sessionSequenceNumber, payload);
  return codesEqual(expected, authCode) ? payload : undefined;
}
