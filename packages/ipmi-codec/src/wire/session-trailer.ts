import { ByteReader } from '../bytes/byte-reader.ts';
import { DecodeError } from '../bytes/decode-error.ts';

/** Next header is reserved in IPMI 2.0 and always 07h (v2.0§13.6 table 13-8). */
const NEXT_HEADER = 0x07;
const PAD_BYTE = 0xff;

/**
 * How many pad bytes bring the authenticated span, from the authentication type to the next header
 * inclusive, to a multiple of 4 (v2.0§13.6, integrity pad). `length` is that of header and payload.
 */
export function integrityPadLength(length: number): number {
  return -(length + 2) & 3;
}

/** The trailer up to its authentication code: integrity pad (FFh), pad length, next header. */
export function encodeSessionTrailer(padLength: number): Uint8Array {
  const trailer = new Uint8Array(padLength + 2).fill(PAD_BYTE, 0, padLength);
  trailer[padLength] = padLength;
  trailer[padLength + 1] = NEXT_HEADER;
  return trailer;
}

/** The authentication code at the end of `trailer`, whose length follows from the integrity algorithm. */
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
