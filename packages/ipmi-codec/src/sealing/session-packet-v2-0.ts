import { ByteReader } from '../bytes/byte-reader.ts';
import { codesEqual } from '../crypto/rakp.ts';
import type { SessionSecurityV20 } from '../crypto/session-security-v2-0.ts';
import type { PayloadType } from '../terms/payload-type.ts';
import { RMCP_HEADER_LENGTH, writeRmcpHeader } from '../wire/rmcp-header.ts';
import { encodeSessionHeaderV20, type SessionPacketV20 } from '../wire/session-header-v2-0.ts';
import { decodeSessionTrailer, encodeSessionTrailer, integrityPadLength } from '../wire/session-trailer.ts';

/** A payload to be sent in an IPMI 2.0 session. */
export interface OutboundPayloadV20 {
  readonly payloadType: PayloadType;
  /** The session id that the receiver chose. */
  readonly sessionId: number;
  readonly sessionSequenceNumber: number;
  readonly payload: Uint8Array;
}

/**
 * The whole datagram, including the RMCP header. The payload is encrypted first, then the packet is authenticated
 * (v2.0§13.6), each only if the session's cipher suite does it. `iv` is 16 unpredictable bytes.
 */
export function sealSessionPacketV20(
  security: SessionSecurityV20,
  outbound: OutboundPayloadV20,
  iv: Uint8Array,
): Uint8Array {
  const payload = security.encrypt(outbound.payload, iv);
  const header = encodeSessionHeaderV20(
    {
      payloadType: outbound.payloadType,
      encrypted: security.encrypts,
      authenticated: security.authenticates,
      sessionId: outbound.sessionId,
      sessionSequenceNumber: outbound.sessionSequenceNumber,
    },
    payload.length,
  );
  // A packet without authentication has no session trailer.
  const trailer = security.authenticates
    ? encodeSessionTrailer(integrityPadLength(header.length + payload.length))
    : noTrailer;
  const spanLength = header.length + payload.length + trailer.length;
  const datagram = new Uint8Array(RMCP_HEADER_LENGTH + spanLength + security.authCodeLength);
  writeRmcpHeader(datagram, 'ipmi', 0xff);
  datagram.set(header, RMCP_HEADER_LENGTH);
  datagram.set(payload, RMCP_HEADER_LENGTH + header.length);
  datagram.set(trailer, RMCP_HEADER_LENGTH + header.length + payload.length);
  const spanEnd = RMCP_HEADER_LENGTH + spanLength;
  datagram.set(security.authCode(datagram.subarray(RMCP_HEADER_LENGTH, spanEnd)), spanEnd);
  return datagram;
}

const noTrailer = new Uint8Array(0);

/**
 * The decrypted payload of a packet. `undefined` if its authentication code is wrong, or if it is protected otherwise
 * than the session's cipher suite demands (more counts as wrong, too). `packet` was decoded from `body`. Raises
 * `DecodeError` for a malformed trailer or pad.
 */
export function openSessionPacketV20(
  security: SessionSecurityV20,
  body: Uint8Array,
  packet: SessionPacketV20,
): Uint8Array | undefined {
  if (packet.authenticated !== security.authenticates || packet.encrypted !== security.encrypts)
    return undefined;
  if (packet.authenticated) {
    const received = decodeSessionTrailer(packet.trailer, security.authCodeLength);
    const span = body.subarray(0, body.length - security.authCodeLength);
    if (!codesEqual(security.authCode(span), received)) return undefined;
  } else {
    new ByteReader(packet.trailer).end();
  }
  return security.decrypt(packet.payload);
}
