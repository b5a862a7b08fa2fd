import { bit, flag } from '../../bytes/bits.ts';
import { ByteReader } from '../../bytes/byte-reader.ts';
import { ByteWriter } from '../../bytes/byte-writer.ts';
import { noData, type Command, type NoData } from '../command.ts';
import type { ChannelAccess } from './get-channel-access.ts';

/** 2 bits: leave as it is, set what outlasts a restart of the BMC, set what is in force now; 3 is reserved. */
export const channelAccessChange = { none: 0, nonVolatile: 1, present: 2 } as const;

export interface SetChannelAccessRequest extends ChannelAccess {
  /** 4 bits; Eh means the channel on which the request arrived. */
  readonly channelNumber: number;
  /** Byte 2, bits 7:6: what to do with the mode and the flags. */
  readonly accessChange: number;
  /** Byte 3, bits 7:6: what to do with the privilege limit. */
  readonly limitChange: number;
}

/** v2.0§22.22 table 22-27. Request 3 bytes, response none. */
export const setChannelAccess: Command<SetChannelAccessRequest, NoData> = {
  name: 'Set Channel Access',
  netFn: 'app',
  code: 0x40,
  request: {
    decode: (data) => {
      const reader = new ByteReader(data);
      const channelNumber = reader.u8() & 0x0f;
      const access = reader.u8();
      const limit = reader.u8();
      reader.end();
      return {
        channelNumber,
        accessChange: access >>> 6,
        pefAlertingDisabled: bit(access, 5),
        perMessageAuthenticationDisabled: bit(access, 4),
        userLevelAuthenticationDisabled: bit(access, 3),
        accessMode: access & 0x07,
        limitChange: limit >>> 6,
        privilegeLimit: limit & 0x0f,
      };
    },
    encode: (request) =>
      new ByteWriter(3)
        .u8(request.channelNumber)
        .u8(
          (request.accessChange << 6) |
            flag(request.pefAlertingDisabled, 5) |
            flag(request.perMessageAuthenticationDisabled, 4) |
            flag(request.userLevelAuthenticationDisabled, 3) |
            request.accessMode,
        )
        .u8((request.limitChange << 6) | request.privilegeLimit).bytes,
  },
  response: noData,
};
