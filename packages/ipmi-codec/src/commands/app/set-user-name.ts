import { ByteReader } from '../../bytes/byte-reader.ts';
import { ByteWriter } from '../../bytes/byte-writer.ts';
import { noData, type Command, type NoData } from '../command.ts';

export interface SetUserNameRequest {
  /** 6 bits. */
  readonly userId: number;
  /** 16 bytes, padded with zeros; zeros only: no name. */
  readonly userName: Uint8Array;
}

/** v2.0§22.28 table 22-33. Request 17 bytes, response none. */
export const setUserName: Command<SetUserNameRequest, NoData> = {
  name: 'Set User Name',
  netFn: 'app',
  code: 0x45,
  request: {
    decode: (data) => {
      const reader = new ByteReader(data);
      const userId = reader.u8() & 0x3f;
      const userName = reader.take(16);
      reader.end();
      return { userId, userName };
    },
    encode: ({ userId, userName }) => new ByteWriter(17).u8(userId).put(userName).bytes,
  },
  response: noData,
};
