import { bit, flag } from '../../bytes/bits.ts';
import { ByteReader } from '../../bytes/byte-reader.ts';
import { ByteWriter } from '../../bytes/byte-writer.ts';
import type { Command } from '../command.ts';

export interface GetUserAccessRequest {
  /** 4 bits; Eh means the channel on which the request arrived. */
  readonly channelNumber: number;
  /** 6 bits. */
  readonly userId: number;
}

export interface UserAccess {
  /** 6 bits each: how many users the channel can have, how many of them are enabled, how many have a fixed name. */
  readonly maximumUserIds: number;
  readonly enabledUserIds: number;
  readonly fixedNames: number;
  /** Byte 2, bits 7:6: 0 unspecified, 1 this user is enabled, 2 this user is disabled. */
  readonly enableStatus: number;
  /** Byte 4, bits 6, 5 and 4. */
  readonly callbackOnly: boolean;
  readonly linkAuthentication: boolean;
  readonly ipmiMessaging: boolean;
  /** 4 bits; Fh means no access. */
  readonly privilegeLimit: number;
}

export const USER_IS_ENABLED = 1;
export const USER_IS_DISABLED = 2;
export const NO_ACCESS = 0x0f;

/** v2.0§22.27 table 22-32. Request 2 bytes, response 4. */
export const getUserAccess: Command<GetUserAccessRequest, UserAccess> = {
  name: 'Get User Access',
  netFn: 'app',
  code: 0x44,
  request: {
    decode: (data) => {
      const reader = new ByteReader(data);
      const channelNumber = reader.u8() & 0x0f;
      const userId = reader.u8() & 0x3f;
      reader.end();
      return { channelNumber, userId };
    },
    encode: ({ channelNumber, userId }) => new ByteWriter(2).u8(channelNumber).u8(userId).bytes,
  },
  response: {
    decode: (data) => {
      const reader = new ByteReader(data);
      const maximumUserIds = reader.u8() & 0x3f;
      const enabled = reader.u8();
      const fixedNames = reader.u8() & 0x3f;
      const access = reader.u8();
      reader.end();
      return {
        maximumUserIds,
        enabledUserIds: enabled & 0x3f,
        fixedNames,
        enableStatus: enabled >>> 6,
        callbackOnly: bit(access, 6),
        linkAuthentication: bit(access, 5),
        ipmiMessaging: bit(access, 4),
        privilegeLimit: access & 0x0f,
      };
    },
    encode: (user) =>
      new ByteWriter(4)
        .u8(user.maximumUserIds)
        .u8((user.enableStatus << 6) | user.enabledUserIds)
        .u8(user.fixedNames)
        .u8(
          flag(user.callbackOnly, 6) |
            flag(user.linkAuthentication, 5) |
            flag(user.ipmiMessaging, 4) |
            user.privilegeLimit,
        ).bytes,
  },
};
