import { ByteReader } from '../../bytes/byte-reader.ts';
import { ByteWriter } from '../../bytes/byte-writer.ts';
import { noData, type Command, type NoData } from '../command.ts';

export interface SelfTestResults {
  /** Byte 2: 55h no error, 56h no self test, 57h and 58h failures. */
  readonly result: number;
  /** Byte 3: which failure; 0 if there is none. */
  readonly detail: number;
}

export const SELF_TEST_NO_ERROR = 0x55;

/** v2.0§20.4 table 20-4. Request none, response 2 bytes. */
export const getSelfTestResults: Command<NoData, SelfTestResults> = {
  name: 'Get Self Test Results',
  netFn: 'app',
  code: 0x04,
  request: noData,
  response: {
    decode: (data) => {
      const reader = new ByteReader(data);
      const results = { result: reader.u8(), detail: reader.u8() };
      reader.end();
      return results;
    },
    encode: ({ result, detail }) => new ByteWriter(2).u8(result).u8(detail).bytes,
  },
};
