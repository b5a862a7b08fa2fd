import { bit, flag } from '../../bytes/bits.ts';
import { ByteReader } from '../../bytes/byte-reader.ts';
import { ByteWriter } from '../../bytes/byte-writer.ts';
import { noData, type Command, type NoData } from '../command.ts';

/** Byte 1, bits 6, 5 and 4. */
export interface UserAccessFlags {
  readonly callbackOnly: boolean;
  readonly linkAuthentication: boolean;
  readonly ipmiMessaging: boolean;
}

export interface SetUserAccessRequest {
  /** 4 bits; Eh means the channel on which the request arrived. */
  readonly channelNumber: number;
  /** Absent (bit 7 clear): they stay as they are. */
  readonly flags?: UserAccessFlags;
  /** 6 bits. */
  readonly userId: number;
  /** 4 bits; Fh means no access. */
  readonly privilegeLimit: number;
  /** 1 byte, optional, 4 bits: how many sessions the user may have; 0: as many as the channel. */
  readonly sessionLimit: number;
}

/** v2.0§22.26 table 22-31. Request 3 or 4 bytes, response none. */
export const setUserAccess: Command<SetUserAccessRequest, NoData> = {
  name: 'Set User Access',
  netFn: 'app',
  code: 0x43,
  request: {
    decode: (data) => {
      const reader = new ByteReader(data);
      const access = reader.u8();
      const userId = reader.u8() & 0x3f;
      const privilegeLimit = reader.u8() & 0x0f;
      const sessionLimit = reader.remaining === 0 ? 0 : reader.u8() & 0x0f;
      reader.end();
      const flags = {
        callbackOnly: bit(access, 6),
        linkAuthentication: bit(access, 5),
        ipmiMessaging: bit(access, 4),
      };
      return {
        channelNumber: access & 0x0f,
        ...(bit(access, 7) && { flags }),
        userId,
        privilegeLimit,
        sessionLimit,
      };
    },
    encode: ({ channelNumber, flags, userId, privilegeLimit, sessionLimit }) => {
      const bits =
        flags === undefined
          ? 0
          : flag(true, 7) |
            flag(flags.callbackOnly, 6) |
            flag(flags.linkAuthentication, 5) |
            flag(flags.ipmiMessaging, 4);
      return new ByteWriter(4)
        .u8(bits | channelNumber)
        .u8(userId)
        .u8(privilegeLimit)
        .u8(sessionLimit).bytes;
    },
  },
  response: noData,
};
