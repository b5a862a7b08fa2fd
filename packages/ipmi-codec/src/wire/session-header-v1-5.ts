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

/** An IPMI 1.5 packet without authentication, as used before a session exists (v2.0§13.6). */
export interface SessionPacketV15 {
  /** 4 bytes; 0 outside a session. */
  readonly sessionSequenceNumber: number;
  /** 4 bytes; 0 outside a session. */
  readonly sessionId: number;
  /** At most 255 bytes. */
  readonly payload: Uint8Array;
}

const headerLength = 10;

export const encodeSessionPacketV15 = (packet: SessionPacketV15): Uint8Array =>
  new ByteWriter(headerLength + packet.payload.length)
    .u8(authenticationType.none)
    .u32(packet.sessionSequenceNumber)
    .u32(packet.sessionId)
    .u8(packet.payload.length)
    .put(packet.payload).bytes;

/** `body` is what follows the RMCP header. A trailing pad byte (v2.0§13.6, legacy pad) is passed over. */
export const decodeSessionPacketV15 = (body: Uint8Array): SessionPacketV15 => {
  const reader = new ByteReader(body);
  const type = reader.u8();
  if (type !== authenticationType.none) throw new DecodeError('invalidField', `authentication type ${type}`);
  const sessionSequenceNumber = reader.u32();
  const sessionId = reader.u32();
  const payload = reader.take(reader.u8());
  if (reader.remaining > 1) throw new DecodeError('tooLong', `${reader.remaining} bytes after the payload`);
  return { sessionSequenceNumber, sessionId, payload };
};
