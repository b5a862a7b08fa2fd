import { ByteReader } from '../bytes/byte-reader.ts';
import { ByteWriter } from '../bytes/byte-writer.ts';
import { DecodeError } from '../bytes/decode-error.ts';

/** ASF's IANA enterprise number, big-endian on the wire (ASF 2.0 §3.2.2.3). */
const ASF_IANA = 4542;
const PRESENCE_PING = 0x80;
const PRESENCE_PONG = 0x40;
const PONG_DATA_LENGTH = 16;
/** Supported entities: bit 7 IPMI, bits 3:0 ASF version 1.0 (v2.0§13.2.4 table 13-7). */
const IPMI_SUPPORTED = 0x81;

export interface AsfPresence {
  readonly type: 'ping' | 'pong';
  /** Matches a pong to its ping. FFh in a ping means that the sender wants no pong. */
  readonly messageTag: number;
}

/** ASF presence ping (8 bytes) and pong (24 bytes), v2.0§13.2.3 and §13.2.4. */
export function encodeAsfPresence({ type, messageTag }: AsfPresence): Uint8Array {
  if (type === 'ping') {
    return new ByteWriter(8).u32BigEndian(ASF_IANA).u8(PRESENCE_PING).u8(messageTag).skip(2).bytes;
  }
  return new ByteWriter(8 + PONG_DATA_LENGTH)
    .u32BigEndian(ASF_IANA)
    .u8(PRESENCE_PONG)
    .u8(messageTag)
    .skip(1)
    .u8(PONG_DATA_LENGTH)
    .u32BigEndian(ASF_IANA)
    .skip(4) // OEM-defined
    .u8(IPMI_SUPPORTED).bytes; // supported interactions and 6 reserved bytes stay 0
}

export function decodeAsfPresence(body: Uint8Array): AsfPresence {
  const reader = new ByteReader(body);
  const iana = reader.u32BigEndian();
  if (iana !== ASF_IANA) throw new DecodeError('invalidField', `ASF enterprise number ${iana}`);
  const type = reader.u8();
  const messageTag = reader.u8();
  reader.skip(1);
  const data = new ByteReader(reader.take(reader.u8()));
  if (type === PRESENCE_PING) return { type: 'ping', messageTag };
  if (type !== PRESENCE_PONG) throw new DecodeError('invalidField', `ASF message type ${type}`);
  data.skip(PONG_DATA_LENGTH);
  return { type: 'pong', messageTag };
}
