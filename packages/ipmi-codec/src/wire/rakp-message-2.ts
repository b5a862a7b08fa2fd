import { ByteReader } from '../bytes/byte-reader.ts';
import { ByteWriter } from '../bytes/byte-writer.ts';
import { rmcpPlusStatusCode } from '../terms/rmcp-plus-status-code.ts';
import { readHandshakeAnswer, type HandshakeRefusal } from './handshake-refusal.ts';

/**
 * RAKP Message 2 that accepts (v2.0§13.21 table 13-12), 40 bytes plus the code: the BMC proves that it knows the
 * password.
 */
export interface RakpMessage2 {
  /** 1 byte, copied from RAKP Message 1. */
  readonly messageTag: number;
  readonly status: 'noErrors';
  /** 4 bytes, least significant first: SID_M, which the remote console chose. */
  readonly remoteConsoleSessionId: number;
  /** R_C: 16 random bytes that the BMC chose; they enter the codes and keys in the order of the wire. */
  readonly managedSystemRandomNumber: Uint8Array;
  /** GUID_C: the BMC's GUID, 16 bytes; they enter the codes in the order of the wire. */
  readonly managedSystemGuid: Uint8Array;
  /** The BMC's HMAC over the exchange, keyed with K_uid, not truncated: 20 bytes for HMAC-SHA1, 32 for HMAC-SHA256. */
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
