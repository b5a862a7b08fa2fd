import { bit, flag } from '../../bytes/bits.ts';
import { ByteReader } from '../../bytes/byte-reader.ts';
import { ByteWriter } from '../../bytes/byte-writer.ts';
import type { Command } from '../command.ts';

export interface GetChannelAccessRequest {
  /** 4 bits; Eh means the channel on which the request arrived. */
  readonly channelNumber: number;
  /** Byte 2, bits 7:6: 1 for the non-volatile settings, 2 for the active ones. */
  readonly settings: number;
}

export interface ChannelAccess {
  /** Byte 1, bit 5. */
  readonly pefAlertingDisabled: boolean;
  /** Byte 1, bit 4. */
  readonly perMessageAuthenticationDisabled: boolean;
  /** Byte 1, bit 3. */
  readonly userLevelAuthenticationDisabled: boolean;
  /** 3 bits: 0 disabled, 2 always available. */
  readonly accessMode: number;
  /** 4 bits: the highest level of any session on this channel. */
  readonly privilegeLimit: number;
}

export const ALWAYS_AVAILABLE = 2;

/** v2.0§22.23 table 22-28. Request 2 bytes, response 2. */
export const getChannelAccess: Command<GetChannelAccessRequest, ChannelAccess> = {
  name: 'Get Channel Access',
  netFn: 'app',
  code: 0x41,
  request: {
    decode: (data) => {
      const reader = new ByteReader(data);
      const channelNumber = reader.u8() & 0x0f;
      const settings = reader.u8() >>> 6;
      reader.end();
      return { channelNumber, settings };
    },
    encode: ({ channelNumber, settings }) => new ByteWriter(2).u8(channelNumber).u8(settings << 6).bytes,
  },
  response: {
    decode: (data) => {
      const reader = new ByteReader(data);
      const access = reader.u8();
      const privilegeLimit = reader.u8() & 0x0f;
      reader.end();
      return {
        pefAlertingDisabled: bit(access, 5),
        perMessageAuthenticationDisabled: bit(access, 4),
        userLevelAuthenticationDisabled: bit(access, 3),
        accessMode: access & 0x07,
        privilegeLimit,
      };
    },
    encode: (access) =>
      new ByteWriter(2)
        .u8(
          flag(access.pefAlertingDisabled, 5) |
            flag(access.perMessageAuthenticationDisabled, 4) |
            flag(access.userLevelAuthenticationDisabled, 3) |
            access.accessMode,
        )
        .u8(access.privilegeLimit).bytes,
  },
};
