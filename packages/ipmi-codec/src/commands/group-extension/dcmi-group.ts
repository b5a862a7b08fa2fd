import { ByteReader } from '../../bytes/byte-reader.ts';
import { DecodeError } from '../../bytes/decode-error.ts';

/** The first byte of every DCMI request and response (DCMI 1.5 section 6): it tells DCMI's commands from PICMG's and VITA's. */
export const DCMI_GROUP = 0xdc;

/** A reader after that byte. */
export function dcmiReader(data: Uint8Array): ByteReader {
  const reader = new ByteReader(data);
  const group = reader.u8();
  if (group !== DCMI_GROUP) throw new DecodeError('invalidField', `group extension ${group} is not DCMI`);
  return reader;
}
