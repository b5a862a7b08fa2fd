import type { ByteReader } from '../bytes/byte-reader.ts';
import { ByteWriter } from '../bytes/byte-writer.ts';
import { DecodeError } from '../bytes/decode-error.ts';
import { codeNames } from '../terms/code-names.ts';
import { rmcpPlusStatusCode, type RmcpPlusStatusCode } from '../terms/rmcp-plus-status-code.ts';

/**
 * A handshake answer that refuses, 8 bytes: message tag, status, 2 reserved, remote console session id. Open Session
 * Response, RAKP Message 2 and RAKP Message 4 all end after these bytes if the status is not 00h (v2.0§13.18, §13.21,
 * §13.23).
 */
export interface HandshakeRefusal {
  /** 1 byte, copied from the message that the BMC refuses, so that the remote console can match the two. */
  readonly messageTag: number;
  /** 1 byte: why the BMC refuses. */
  readonly status: Exclude<RmcpPlusStatusCode, 'noErrors'>;
  /**
   * 4 bytes, least significant first: SID_M, which the remote console chose; 0 if the BMC does not know the session.
   */
  readonly remoteConsoleSessionId: number;
}

const statusNames = codeNames(rmcpPlusStatusCode);

export function encodeHandshakeRefusal(refusal: HandshakeRefusal): Uint8Array {
  return new ByteWriter(8)
    .u8(refusal.messageTag)
    .u8(rmcpPlusStatusCode[refusal.status])
    .skip(2)
    .u32(refusal.remoteConsoleSessionId).bytes;
}

/** Reads the 8 bytes with which every handshake answer begins. Raises `DecodeError` for an undefined status. */
export function readHandshakeAnswer(reader: ByteReader): {
  messageTag: number;
  status: RmcpPlusStatusCode;
  maximumPrivilegeLevel: number;
  remoteConsoleSessionId: number;
} {
  const messageTag = reader.u8();
  const code = reader.u8();
  const status = statusNames.get(code);
  if (status === undefined) throw new DecodeError('invalidField', `RMCP+ status ${code}`);
  const maximumPrivilegeLevel = reader.u8() & 0x0f;
  reader.skip(1);
  return { messageTag, status, maximumPrivilegeLevel, remoteConsoleSessionId: reader.u32() };
}
