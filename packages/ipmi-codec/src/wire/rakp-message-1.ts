import { ByteReader } from '../bytes/byte-reader.ts';
import { ByteWriter } from '../bytes/byte-writer.ts';

/** RAKP Message 1 (v2.0§13.20 table 13-11), 28 bytes and the user name. */
export interface RakpMessage1 {
  readonly messageTag: number;
  readonly managedSystemSessionId: number;
  /** R_M, 16 bytes. */
  readonly remoteConsoleRandomNumber: Uint8Array;
  /** Role_M, the whole byte: bit 4 name-only look-up, bits 3:0 requested maximum privilege level. It enters the key material. */
  readonly role: number;
  /** UName_M as it came. More than 16 bytes are the BMC's to refuse (status 0Ch). */
  readonly userName: Uint8Array;
}

/** Bit 4 of the role byte: look the user up by name alone, not by name and privilege level. */
export const NAME_ONLY_LOOKUP_BIT = 0x10;

/** Longest user name, in bytes (v2.0§13.20). */
export const MAXIMUM_USER_NAME_LENGTH = 16;

const FIXED_LENGTH = 28;

export function encodeRakpMessage1(message: RakpMessage1): Uint8Array {
  return new ByteWriter(FIXED_LENGTH + message.userName.length)
    .u8(message.messageTag)
    .skip(3)
    .u32(message.managedSystemSessionId)
    .put(message.remoteConsoleRandomNumber)
    .u8(message.role)
    .skip(2)
    .u8(message.userName.length)
    .put(message.userName).bytes;
}

/** A packet shorter than its stated user name is malformed; bytes after the name are passed over (freeipmi pads it). */
export function decodeRakpMessage1(payload: Uint8Array): RakpMessage1 {
  const reader = new ByteReader(payload);
  const messageTag = reader.u8();
  reader.skip(3);
  const managedSystemSessionId = reader.u32();
  const remoteConsoleRandomNumber = reader.take(16);
  const role = reader.u8();
  reader.skip(2);
  const userName = reader.take(reader.u8());
  return { messageTag, managedSystemSessionId, remoteConsoleRandomNumber, role, userName };
}
