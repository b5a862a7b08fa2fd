import { ByteReader } from '../../bytes/byte-reader.ts';
import { ByteWriter } from '../../bytes/byte-writer.ts';
import { noData, type Command, type DataCodec, type NoData } from '../command.ts';

/** The SEL's clock may be any zone's. */
export const UNSPECIFIED_UTC_OFFSET = 0x07ff;

export interface SelTimeUtcOffset {
  /** 2 bytes, two's complement: minutes from UTC, -1440 to 1440, or 07FFh unspecified. */
  readonly minutes: number;
}

const offset: DataCodec<SelTimeUtcOffset> = {
  decode: (data) => {
    const reader = new ByteReader(data);
    const minutes = (reader.u16() << 16) >> 16;
    reader.end();
    return { minutes };
  },
  encode: ({ minutes }) => new ByteWriter(2).u16(minutes & 0xffff).bytes,
};

/** v2.0§31.11a table 31-12. Request none, response 2 bytes. */
export const getSelTimeUtcOffset: Command<NoData, SelTimeUtcOffset> = {
  name: 'Get SEL Time UTC Offset',
  netFn: 'storage',
  code: 0x5c,
  request: noData,
  response: offset,
};

/** v2.0§31.11b table 31-13. Request 2 bytes, response none. */
export const setSelTimeUtcOffset: Command<SelTimeUtcOffset, NoData> = {
  name: 'Set SEL Time UTC Offset',
  netFn: 'storage',
  code: 0x5d,
  request: offset,
  response: noData,
};
