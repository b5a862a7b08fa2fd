import { ByteReader } from '../bytes/byte-reader.ts';
import { ByteWriter } from '../bytes/byte-writer.ts';

/**
 * RAKP Message 3 (v2.0§13.22 table 13-13), 8 bytes plus the code: the remote console proves that it knows the password.
 */
export interface RakpMessage3 {
  /** 1 byte, chosen by the remote console; the BMC repeats it in RAKP Message 4. */
  readonly messageTag: number;
  /**
   * 1 byte, an RMCP+ status code: not 00h if the remote console gives up, for example over a wrong code in RAKP Message
   * 2.
   */
  readonly status: number;
  /** 4 bytes, least significant first: SID_C, which names the session. */
  readonly managedSystemSessionId: number;
  /** The remote console's HMAC over the exchange, keyed with K_uid, not truncated; empty if the status is not 00h. */
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
