import { ByteReader } from '../../bytes/byte-reader.ts';
import { ByteWriter } from '../../bytes/byte-writer.ts';
import type { Command } from '../command.ts';

export interface GetUserNameRequest {
  /** 6 bits. */
  readonly userId: number;
}

export interface UserName {
  /** 16 bytes, padded with zeros. */
  readonly userName: Uint8Array;
}

/** v2.0§22.29 table 22-34. Request 1 byte, response 16. */
export const getUserName: Command<GetUserNameRequest, UserName> = {
  name: 'Get User Name',
  netFn: 'app',
  code: 0x46,
  request: {
    decode: (data) => {
      const reader = new ByteReader(data);
      const userId = reader.u8() & 0x3f;
      reader.end();
      return { userId };
    },
    encode: ({ userId }) => new ByteWriter(1).u8(userId).bytes,
  },
  response: {
    decode: (data) => {
      const reader = new ByteReader(data);
      const userName = reader.take(16);
      reader.end();
      return { userName };
    },
    encode: ({ userName }) => new ByteWriter(16).put(userName).bytes,
  },
};
