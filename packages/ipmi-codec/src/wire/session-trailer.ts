import { ByteReader } from '../bytes/byte-reader.ts';
import { DecodeError } from '../bytes/decode-error.ts';

/** Next header is reserved in IPMI 2.0 and always 07h (v2.0§13.6 table 13-8). */
const nextHeader = 0x07;
const padByte = 0xff;

/**
 * How many pad bytes bring the authenticated span, from the authentication type to the next header
 * inclusive, to a multiple of 4 (v2.0§13.6, integrity pad). `length` is that of header and payload.
 */
export const integrityPadLength = (length: number): number => -(length + 2) & 3;

/** The trailer up to its authentication code: integrity pad (FFh), pad length, next header. */
export const encodeSessionTrailer = (padLength: number): Uint8Array => {
  const trailer = new Uint8Array(padLength + 2).fill(padByte, 0, padLength);
  trailer[padLength] = padLength;
  trailer[padLength + 1] = nextHeader;
  return trailer;
};

/** The authentication code at the end of `trailer`, whose length follows from the integrity algorithm. */
export const decodeSessionTrailer = (trailer: Uint8Array, authCodeLength: number): Uint8Array => {
  const reader = new ByteReader(trailer);
  const padLength = trailer.length - authCodeLength - 2;
  if (padLength < 0) throw new DecodeError('tooShort', `a session trailer of ${trailer.length} bytes`);
  reader.skip(padLength);
  const statedPadLength = reader.u8();
  if (statedPadLength !== padLength)
    throw new DecodeError('invalidField', `integrity pad length ${statedPadLength}`);
  const next = reader.u8();
  if (next !== nextHeader) throw new DecodeError('invalidField', `next header ${next}`);
  return reader.rest();
};
