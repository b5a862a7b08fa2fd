import { ByteReader } from '../../bytes/byte-reader.ts';
import { ByteWriter } from '../../bytes/byte-writer.ts';
import { noData, type Command, type NoData } from '../command.ts';

export interface PohCounter {
  /** 1 byte. */
  readonly minutesPerCount: number;
  /** 4 bytes. */
  readonly count: number;
}

/** v2.0§28.14 table 28-15. Request none, response 5 bytes. */
export const getPohCounter: Command<NoData, PohCounter> = {
  name: 'Get POH Counter',
  netFn: 'chassis',
  code: 0x0f,
  request: noData,
  response: {
    decode: (data) => {
      const reader = new ByteReader(data);
      const counter = { minutesPerCount: reader.u8(), count: reader.u32() };
      reader.end();
      return counter;
    },
    encode: ({ minutesPerCount, count }) => new ByteWriter(5).u8(minutesPerCount).u32(count).bytes,
  },
};
