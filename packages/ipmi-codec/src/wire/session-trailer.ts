import { ByteReader } from '../bytes/byte-reader.ts';
import { DecodeError } from '../bytes/decode-error.ts';

/** The next header field is reserved in IPMI 2.0 and always 07h (v2.0§13.6 table 13-8). */
const NEXT_HEADER = 0x07;
const PAD_BYTE = 0xff;

/**
 * How many pad bytes make the authenticated span a multiple of 4 bytes (v2.0§13.6, integrity pad). The span runs from
 * the authentication type to the next header, inclusive. `length` counts the bytes of header and payload.
 */
export function integrityPadLength(length: number): number {
  return -(length + 2) & 3;
}

/** The trailer without its authentication code: integrity pad (FFh), pad length, next header. */
export function encodeSessionTrailer(padLength: number): Uint8Array {
  const trailer = new Uint8Array(padLength + 2).fill(PAD_BYTE, 0, padLength);
  trailer[padLength] = padLength;
  trailer[padLength + 1] = NEXT_HEADER;
  return trailer;
}

/**
 * Checks the trailer and returns the authentication code at its end. The integrity algorithm determines
 * `authCodeLength`.
 */
export function decodeSessionTrailer(trailer: Uint8Array, authCodeLength: number): Uint8Array {
  const reader = new ByteReader(trailer);
  const padLength = trailer.length - authCodeLength - 2;
  if (padLength < 0) throw new DecodeError('tooShort', `a session trailer of ${trailer.length} bytes`);
  reader.skip(padLength);
  const statedPadLength = reader.u8();
  if (statedPadLength !== padLength)
    throw new DecodeError('invalidField', `integrity pad length ${statedPadLength}`);
  const next = reader.u8();
  if (next !== NEXT_HEADER) throw new DecodeError('invalidField', `next header ${next}`);
  return reader.rest();
}
