import { ByteReader } from '../bytes/byte-reader.ts';
import { ByteWriter } from '../bytes/byte-writer.ts';
import { DecodeError } from '../bytes/decode-error.ts';

/** ASF's IANA enterprise number, big-endian on the wire (ASF 2.0 §3.2.2.3). */
const asfIana = 4542;
const presencePing = 0x80;
const presencePong = 0x40;
const pongDataLength = 16;
/** Supported entities: bit 7 IPMI, bits 3:0 ASF version 1.0 (v2.0§13.2.4 table 13-7). */
const ipmiSupported = 0x81;

export interface AsfPresence {
  readonly type: 'ping' | 'pong';
  /** Matches a pong to its ping; FFh asks for none. */
  readonly messageTag: number;
}

/** ASF presence ping (8 bytes) and pong (24 bytes), v2.0§13.2.3 and §13.2.4. */
export const encodeAsfPresence = ({ type, messageTag }: AsfPresence): Uint8Array => {
  if (type === 'ping') {
    return new ByteWriter(8).u32BigEndian(asfIana).u8(presencePing).u8(messageTag).skip(2).bytes;
  }
  return new ByteWriter(8 + pongDataLength)
    .u32BigEndian(asfIana)
    .u8(presencePong)
    .u8(messageTag)
    .skip(1)
    .u8(pongDataLength)
    .u32BigEndian(asfIana)
    .skip(4) // OEM-defined
    .u8(ipmiSupported).bytes; // supported interactions and 6 reserved bytes stay 0
};

export const decodeAsfPresence = (body: Uint8Array): AsfPresence => {
  const reader = new ByteReader(body);
  const iana = reader.u32BigEndian();
  if (iana !== asfIana) throw new DecodeError('invalidField', `ASF enterprise number ${iana}`);
  const type = reader.u8();
  const messageTag = reader.u8();
  reader.skip(1);
  const data = new ByteReader(reader.take(reader.u8()));
  if (type === presencePing) return { type: 'ping', messageTag };
  if (type !== presencePong) throw new DecodeError('invalidField', `ASF message type ${type}`);
  data.skip(pongDataLength);
  return { type: 'pong', messageTag };
};
