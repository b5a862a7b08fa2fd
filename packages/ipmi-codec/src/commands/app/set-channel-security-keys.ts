import { ByteReader } from '../../bytes/byte-reader.ts';
import { ByteWriter } from '../../bytes/byte-writer.ts';
import type { Command } from '../command.ts';

/** Byte 2, bits 1:0. */
export const keyOperation = { read: 0, set: 1, lock: 2 } as const;

/** Byte 3: K_R, which BMCs with random numbers of their own do not use, and K_G. */
export const securityKey = { kr: 0, kg: 1 } as const;

/** Byte 1 of the response, bits 1:0. */
export const keyLock = { notLockable: 0, locked: 1, unlocked: 2 } as const;

export interface SetChannelSecurityKeysRequest {
  /** 4 bits; Eh means the channel on which the request arrived. */
  readonly channelNumber: number;
  /** 2 bits, see `keyOperation`. */
  readonly operation: number;
  /** 1 byte, see `securityKey`. */
  readonly keyId: number;
  /** 20 bytes to set a key; no bytes otherwise. Never printed. */
  readonly key: Uint8Array;
}

export interface ChannelSecurityKeys {
  /** 2 bits, see `keyLock`. */
  readonly lock: number;
  /** 20 bytes when a key was read and may be; no bytes otherwise. */
  readonly key: Uint8Array;
}

/** v2.0§22.25 table 22-30. Request 3 bytes and the key, response 1 byte and the key. */
export const setChannelSecurityKeys: Command<SetChannelSecurityKeysRequest, ChannelSecurityKeys> = {
  name: 'Set Channel Security Keys',
  netFn: 'app',
  code: 0x56,
  request: {
    decode: (data) => {
      const reader = new ByteReader(data);
      return {
        channelNumber: reader.u8() & 0x0f,
        operation: reader.u8() & 0x03,
        keyId: reader.u8(),
        key: reader.rest(),
      };
    },
    encode: ({ channelNumber, operation, keyId, key }) =>
      new ByteWriter(3 + key.length).u8(channelNumber).u8(operation).u8(keyId).put(key).bytes,
  },
  response: {
    decode: (data) => {
      const reader = new ByteReader(data);
      return { lock: reader.u8() & 0x03, key: reader.rest() };
    },
    encode: ({ lock, key }) => new ByteWriter(1 + key.length).u8(lock).put(key).bytes,
  },
};
