import { ByteReader } from '../bytes/byte-reader.ts';
import { ByteWriter } from '../bytes/byte-writer.ts';
import { rmcpPlusStatusCode } from '../terms/rmcp-plus-status-code.ts';
import { readHandshakeAnswer, type HandshakeRefusal } from './handshake-refusal.ts';

/**
 * RAKP Message 4 that accepts (v2.0§13.23 table 13-14), 8 bytes plus the value: the BMC proves that it has the
 * session's keys.
 */
export interface RakpMessage4 {
  /** 1 byte, copied from RAKP Message 3. */
  readonly messageTag: number;
  readonly status: 'noErrors';
  /** 4 bytes, least significant first: SID_M, which the remote console chose. */
  readonly remoteConsoleSessionId: number;
  /** An HMAC keyed with the SIK, truncated: 12 bytes for RAKP-HMAC-SHA1, 16 for RAKP-HMAC-SHA256. */
  readonly integrityCheckValue: Uint8Array;
}

export function encodeRakpMessage4(message: RakpMessage4): Uint8Array {
  return new ByteWriter(8 + message.integrityCheckValue.length)
    .u8(message.messageTag)
    .u8(rmcpPlusStatusCode[message.status])
    .skip(2)
    .u32(message.remoteConsoleSessionId)
    .put(message.integrityCheckValue).bytes;
}

export function decodeRakpMessage4(payload: Uint8Array): RakpMessage4 | HandshakeRefusal {
  const reader = new ByteReader(payload);
  const { messageTag, status, remoteConsoleSessionId } = readHandshakeAnswer(reader);
  if (status !== 'noErrors') return { messageTag, status, remoteConsoleSessionId };
  return { messageTag, status, remoteConsoleSessionId, integrityCheckValue: reader.rest() };
}
