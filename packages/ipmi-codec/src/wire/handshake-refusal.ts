import type { ByteReader } from '../bytes/byte-reader.ts';
import { ByteWriter } from '../bytes/byte-writer.ts';
import { DecodeError } from '../bytes/decode-error.ts';
import { codeNames } from '../terms/code-names.ts';
import { rmcpPlusStatusCode, type RmcpPlusStatusCode } from '../terms/rmcp-plus-status-code.ts';

/**
 * A handshake answer that refuses, 8 bytes: message tag, status, 2 reserved, remote console session id.
 * Open Session Response, RAKP Message 2 and RAKP Message 4 all end there when the status is not 00h
 * (v2.0§13.18, §13.21, §13.23).
 */
export interface HandshakeRefusal {
  readonly messageTag: number;
  readonly status: Exclude<RmcpPlusStatusCode, 'noErrors'>;
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

/** The 8 bytes that every handshake answer begins with. Raises `DecodeError` for a status of no name. */
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
