import { ByteReader } from '../bytes/byte-reader.ts';
import type { PayloadType } from '../terms/payload-type.ts';
import { rmcpHeaderLength, writeRmcpHeader } from '../wire/rmcp-header.ts';
import { encodeSessionHeaderV20, type SessionPacketV20 } from '../wire/session-header-v2-0.ts';
import { decodeSessionTrailer, encodeSessionTrailer, integrityPadLength } from '../wire/session-trailer.ts';
import { codesEqual } from './rakp.ts';
import type { SessionSecurity } from './session-security.ts';

/** A payload on its way out of a session. */
export interface OutboundPayload {
  readonly payloadType: PayloadType;
  /** The receiver's session id. */
  readonly sessionId: number;
  readonly sessionSequenceNumber: number;
  readonly payload: Uint8Array;
}

/**
 * The whole datagram, RMCP header included: encrypted, then authenticated (v2.0§13.6), each as far as the
 * session's cipher suite goes. `iv` is 16 unpredictable bytes.
 */
export const sealSessionPacket = (
  security: SessionSecurity,
  outbound: OutboundPayload,
  iv: Uint8Array,
): Uint8Array => {
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
  // Packets that are not authenticated have no session trailer at all.
  const trailer = security.authenticates
    ? encodeSessionTrailer(integrityPadLength(header.length + payload.length))
    : noTrailer;
  const spanLength = header.length + payload.length + trailer.length;
  const datagram = new Uint8Array(rmcpHeaderLength + spanLength + security.authCodeLength);
  writeRmcpHeader(datagram, 'ipmi', 0xff);
  datagram.set(header, rmcpHeaderLength);
  datagram.set(payload, rmcpHeaderLength + header.length);
  datagram.set(trailer, rmcpHeaderLength + header.length + payload.length);
  const spanEnd = rmcpHeaderLength + spanLength;
  datagram.set(security.authCode(datagram.subarray(rmcpHeaderLength, spanEnd)), spanEnd);
  return datagram;
};

const noTrailer = new Uint8Array(0);

/**
 * The payload of a packet that has exactly the protections of this session's cipher suite, made with its
 * keys; `undefined` when its authentication code is wrong, or it has less or more than that. `body` is what
 * `packet` was decoded from. Raises `DecodeError` for a malformed trailer or pad.
 */
export const openSessionPacket = (
  security: SessionSecurity,
  body: Uint8Array,
  packet: SessionPacketV20,
): Uint8Array | undefined => {
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
};
