import { ByteReader } from '../bytes/byte-reader.ts';
import { ByteWriter } from '../bytes/byte-writer.ts';
import { DecodeError } from '../bytes/decode-error.ts';

/** Authentication type, bits 3:0 of the first byte of every IPMI session header (v2.0§13.6 table 13-8). */
export const authenticationType = {
  none: 0x0,
  md2: 0x1,
  md5: 0x2,
  password: 0x4,
  oem: 0x5,
  rmcpPlus: 0x6,
} as const;

/**
 * The authentication types that the decoder accepts: none before a session, MD5 inside. The others reveal the password,
 * or nearly so.
 */
export type AuthenticationTypeV15 = 'none' | 'md5';

/** Length of an authentication code in bytes (v2.0§13.6 table 13-8). */
export const AUTH_CODE_LENGTH_V15 = 16;

/** An IPMI 1.5 packet (v2.0§13.6 table 13-8, left column). */
export interface SessionPacketV15 {
  readonly authenticationType: AuthenticationTypeV15;
  /** 4 bytes; 0 outside a session. */
  readonly sessionSequenceNumber: number;
  /** 4 bytes; 0 outside a session. Both directions use the same id. */
  readonly sessionId: number;
  /** 16 bytes; empty with authentication type none. */
  readonly authCode: Uint8Array;
  /** At most 255 bytes. */
  readonly payload: Uint8Array;
}

const HEADER_LENGTH = 10;

export function encodeSessionPacketV15(packet: SessionPacketV15): Uint8Array {
  return new ByteWriter(HEADER_LENGTH + packet.authCode.length + packet.payload.length)
    .u8(authenticationType[packet.authenticationType])
    .u32(packet.sessionSequenceNumber)
    .u32(packet.sessionId)
    .put(packet.authCode)
    .u8(packet.payload.length)
    .put(packet.payload).bytes;
}

/** A packet outside any session. */
export function encodeSessionlessPacketV15(payload: Uint8Array): Uint8Array {
  return encodeSessionPacketV15({
    authenticationType: 'none',
    sessionSequenceNumber: 0,
    sessionId: 0,
    authCode: new Uint8Array(0),
    payload,
  });
}

/** `body` is the datagram after the RMCP header. One trailing pad byte (v2.0§13.6, legacy pad) is ignored. */
export function decodeSessionPacketV15(body: Uint8Array): SessionPacketV15 {
  const reader = new ByteReader(body);
  const type = reader.u8();
  if (type !== authenticationType.none && type !== authenticationType.md5)
    throw new DecodeError('invalidField', `authentication type ${type}`);
  const isMd5 = type === authenticationType.md5;
  const sessionSequenceNumber = reader.u32();
  const sessionId = reader.u32();
  const authCode = reader.take(isMd5 ? AUTH_CODE_LENGTH_V15 : 0);
  const payload = reader.take(reader.u8());
  if (reader.remaining > 1) throw new DecodeError('tooLong', `${reader.remaining} bytes after the payload`);
  return { authenticationType: isMd5 ? 'md5' : 'none', sessionSequenceNumber, sessionId, authCode, payload };
}
