import { ByteReader } from '../bytes/byte-reader.ts';
import { ByteWriter } from '../bytes/byte-writer.ts';

/** RAKP Message 1 (v2.0§13.20 table 13-11), 28 bytes plus the user name: the remote console names the user. */
export interface RakpMessage1 {
  /** 1 byte, chosen by the remote console; the BMC repeats it in RAKP Message 2. */
  readonly messageTag: number;
  /** 4 bytes, least significant first: SID_C from the Open Session Response, which names the session. */
  readonly managedSystemSessionId: number;
  /** R_M: 16 random bytes that the remote console chose; they enter the codes and keys in the order of the wire. */
  readonly remoteConsoleRandomNumber: Uint8Array;
  /**
   * Role_M, 1 byte: bit 4 asks for a name-only look-up, bits 3:0 are the requested maximum privilege level. The whole
   * byte enters the codes and keys.
   */
  readonly role: number;
  /** UName_M, without padding. The decoder accepts up to 255 bytes; the BMC refuses more than 16 (status 0Ch). */
  readonly userName: Uint8Array;
}

/** Bit 4 of the role byte: find the user by name alone, not by name and privilege level. */
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

/** A message that is cut, though not before the session id: the BMC refuses it with this status. */
export interface CutRakpMessage1 extends Pick<RakpMessage1, 'messageTag' | 'managedSystemSessionId'> {
  readonly status: 'illegalOrUnrecognizedParameter' | 'invalidNameLength';
}

/** Bytes after the name are ignored, because freeipmi pads the name. */
export function decodeRakpMessage1(payload: Uint8Array): RakpMessage1 | CutRakpMessage1 {
  const reader = new ByteReader(payload);
  const messageTag = reader.u8();
  reader.skip(3);
  const managedSystemSessionId = reader.u32();
  if (payload.length < FIXED_LENGTH)
    return { messageTag, managedSystemSessionId, status: 'illegalOrUnrecognizedParameter' };
  const remoteConsoleRandomNumber = reader.take(16);
  const role = reader.u8();
  reader.skip(2);
  const nameLength = reader.u8();
  if (nameLength > reader.remaining)
    return { messageTag, managedSystemSessionId, status: 'invalidNameLength' };
  const userName = reader.take(nameLength);
  return { messageTag, managedSystemSessionId, remoteConsoleRandomNumber, role, userName };
}
