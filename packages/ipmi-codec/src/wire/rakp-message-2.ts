import { ByteReader } from '../bytes/byte-reader.ts';
import { ByteWriter } from '../bytes/byte-writer.ts';
import { rmcpPlusStatusCode } from '../terms/rmcp-plus-status-code.ts';
import { readHandshakeAnswer, type HandshakeRefusal } from './handshake-refusal.ts';

/** RAKP Message 2 that accepts (v2.0§13.21 table 13-12), 40 bytes and the code. */
export interface RakpMessage2 {
  readonly messageTag: number;
  readonly status: 'noErrors';
  readonly remoteConsoleSessionId: number;
  /** R_C, 16 bytes. */
  readonly managedSystemRandomNumber: Uint8Array;
  /** GUID_C, 16 bytes. */
  readonly managedSystemGuid: Uint8Array;
  /** As long as the authentication algorithm's digest: 20 bytes for HMAC-SHA1, 32 for HMAC-SHA256. */
  readonly keyExchangeAuthenticationCode: Uint8Array;
}

export function encodeRakpMessage2(message: RakpMessage2): Uint8Array {
  return new ByteWriter(40 + message.keyExchangeAuthenticationCode.length)
    .u8(message.messageTag)
    .u8(rmcpPlusStatusCode[message.status])
    .skip(2)
    .u32(message.remoteConsoleSessionId)
    .put(message.managedSystemRandomNumber)
    .put(message.managedSystemGuid)
    .put(message.keyExchangeAuthenticationCode).bytes;
}

export function decodeRakpMessage2(payload: Uint8Array): RakpMessage2 | HandshakeRefusal {
  const reader = new ByteReader(payload);
  const { messageTag, status, remoteConsoleSessionId } = readHandshakeAnswer(reader);
  if (status !== 'noErrors') return { messageTag, status, remoteConsoleSessionId };
  return {
    messageTag,
    status,
    remoteConsoleSessionId,
    managedSystemRandomNumber: reader.take(16),
    managedSystemGuid: reader.take(16),
    keyExchangeAuthenticationCode: reader.rest(),
  };
}
