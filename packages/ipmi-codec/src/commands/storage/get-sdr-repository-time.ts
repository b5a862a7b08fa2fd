import { ByteReader } from '../../bytes/byte-reader.ts';
import { ByteWriter } from '../../bytes/byte-writer.ts';
import { noData, type Command, type NoData } from '../command.ts';

export interface SdrRepositoryTime {
  /** 4 bytes: seconds since 1970. */
  readonly time: number;
}

/** v2.0§33.17 table 33-12. Request none, response 4 bytes. */
export const getSdrRepositoryTime: Command<NoData, SdrRepositoryTime> = {
  name: 'Get SDR Repository Time',
  netFn: 'storage',
  code: 0x28,
  request: noData,
  response: {
    decode: (data) => {
      const reader = new ByteReader(data);
      const time = { time: reader.u32() };
      reader.end();
      return time;
    },
    encode: ({ time }) => new ByteWriter(4).u32(time).bytes,
  },
};
