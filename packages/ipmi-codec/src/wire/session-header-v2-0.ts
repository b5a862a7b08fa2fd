import { ByteReader } from '../bytes/byte-reader.ts';
import { ByteWriter } from '../bytes/byte-writer.ts';
import { bit, flag } from '../bytes/bits.ts';
import { DecodeError } from '../bytes/decode-error.ts';
import { payloadType, payloadTypeNames, type PayloadType } from '../terms/payload-type.ts';
import { authenticationType } from './session-header-v1-5.ts';

/** The RMCP+ session header (v2.0§13.6 table 13-8, right column). The decoder refuses OEM explicit payloads. */
export interface SessionHeaderV20 {
  readonly payloadType: PayloadType;
  /** Payload type byte, bit 7. */
  readonly encrypted: boolean;
  /** Payload type byte, bit 6. */
  readonly authenticated: boolean;
  /** 4 bytes; 0 outside a session. The *receiver* chose the id. */
  readonly sessionId: number;
  /** 4 bytes; 0 outside a session. */
  readonly sessionSequenceNumber: number;
}

export interface SessionPacketV20 extends SessionHeaderV20 {
  /** At most 65,535 bytes; still encrypted if `encrypted` is true. */
  readonly payload: Uint8Array;
  /** The bytes after the payload: the session trailer of an authenticated packet; normally empty otherwise. */
  readonly trailer: Uint8Array;
}

/** Authentication type, payload type, session id (4), sequence number (4), payload length (2). */
export const SESSION_HEADER_V20_LENGTH = 12;

export function encodeSessionHeaderV20(header: SessionHeaderV20, payloadLength: number): Uint8Array {
  return new ByteWriter(SESSION_HEADER_V20_LENGTH)
    .u8(authenticationType.rmcpPlus)
    .u8(payloadType[header.payloadType] | flag(header.authenticated, 6) | flag(header.encrypted, 7))
    .u32(header.sessionId)
    .u32(header.sessionSequenceNumber)
    .u16(payloadLength).bytes;
}

/** `body` is the datagram after the RMCP header; it begins with the authentication type byte (06h). */
export function decodeSessionPacketV20(body: Uint8Array): SessionPacketV20 {
  const reader = new ByteReader(body);
  const type = reader.u8();
  if (type !== authenticationType.rmcpPlus)
    throw new DecodeError('invalidField', `authentication type ${type}`);
  const typeByte = reader.u8();
  const name = payloadTypeNames.get(typeByte & 0x3f);
  if (name === undefined || name === 'oemExplicit') {
    throw new DecodeError('invalidField', `payload type ${typeByte & 0x3f}`);
  }
  return {
    payloadType: name,
    encrypted: bit(typeByte, 7),
    authenticated: bit(typeByte, 6),
    sessionId: reader.u32(),
    sessionSequenceNumber: reader.u32(),
    payload: reader.take(reader.u16()),
    trailer: reader.rest(),
  };
}

/** A packet outside any session: neither encrypted nor authenticated, id and sequence number 0. */
export function encodeSessionlessPacketV20(type: PayloadType, payload: Uint8Array): Uint8Array {
  const header = encodeSessionHeaderV20(
    { payloadType: type, encrypted: false, authenticated: false, sessionId: 0, sessionSequenceNumber: 0 },
    payload.length,
  );
  return new ByteWriter(header.length + payload.length).put(header).put(payload).bytes;
}
