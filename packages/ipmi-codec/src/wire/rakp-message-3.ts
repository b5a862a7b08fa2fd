import { ByteReader } from '../bytes/byte-reader.ts';
import { ByteWriter } from '../bytes/byte-writer.ts';

/** RAKP Message 3 (v2.0§13.22 table 13-13), 8 bytes and the code. */
export interface RakpMessage3 {
  readonly messageTag: number;
  /** RMCP+ status code as it came: not 00h when the remote console gives up (wrong code in RAKP Message 2). */
  readonly status: number;
  readonly managedSystemSessionId: number;
  /** As long as the authentication algorithm's digest; empty when the status is not 00h. */
  readonly keyExchangeAuthenticationCode: Uint8Array;
}

export function encodeRakpMessage3(message: RakpMessage3): Uint8Array {
  return new ByteWriter(8 + message.keyExchangeAuthenticationCode.length)
    .u8(message.messageTag)
    .u8(message.status)
    .skip(2)
    .u32(message.managedSystemSessionId)
    .put(message.keyExchangeAuthenticationCode).bytes;
}

export function decodeRakpMessage3(payload: Uint8Array): RakpMessage3 {
  const reader = new ByteReader(payload);
  const messageTag = reader.u8();
  const status = reader.u8();
  reader.skip(2);
  return {
    messageTag,
    status,
    managedSystemSessionId: reader.u32(),
    keyExchangeAuthenticationCode: reader.rest(),
  };
}
