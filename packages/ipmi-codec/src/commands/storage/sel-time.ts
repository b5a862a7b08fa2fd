import { ByteReader } from '../../bytes/byte-reader.ts';
import { ByteWriter } from '../../bytes/byte-writer.ts';
import { noData, type Command, type DataCodec, type NoData } from '../command.ts';

export interface SelTime {
  /** 4 bytes: seconds since 1970. */
  readonly time: number;
}

const selTime: DataCodec<SelTime> = {
  decode: (data) => {
    const reader = new ByteReader(data);
    const time = { time: reader.u32() };
    reader.end();
    return time;
  },
  encode: ({ time }) => new ByteWriter(4).u32(time).bytes,
};

/** v2.0§31.10 table 31-10. Request none, response 4 bytes. */
export const getSelTime: Command<NoData, SelTime> = {
  name: 'Get SEL Time',
  netFn: 'storage',
  code: 0x48,
  request: noData,
  response: selTime,
};

/** v2.0§31.11 table 31-11. Request 4 bytes, response none. */
export const setSelTime: Command<SelTime, NoData> = {
  name: 'Set SEL Time',
  netFn: 'storage',
  code: 0x49,
  request: selTime,
  response: noData,
};
