import { ByteReader } from '../../bytes/byte-reader.ts';
import { ByteWriter } from '../../bytes/byte-writer.ts';
import { noData, type Command, type NoData } from '../command.ts';

export interface SdrRepositoryInfo {
  /** 1 byte: 51h for the SDR commands of IPMI 1.5 and 2.0. */
  readonly version: number;
  /** 2 bytes. */
  readonly recordCount: number;
  /** 2 bytes: free space in bytes; FFFFh: unspecified. */
  readonly freeBytes: number;
  /** 4 bytes each: when records were last added, and erased, in seconds since 1970. */
  readonly lastAddition: number;
  readonly lastErase: number;
  /** 1 byte: bits 6:5 modal or not, 3 delete, 2 partial add, 1 reserve, 0 allocation info. */
  readonly operations: number;
}

/** v2.0§33.9 table 33-3. Request none, response 14 bytes. */
export const getSdrRepositoryInfo: Command<NoData, SdrRepositoryInfo> = {
  name: 'Get SDR Repository Info',
  netFn: 'storage',
  code: 0x20,
  request: noData,
  response: {
    decode: (data) => {
      const reader = new ByteReader(data);
      const info = {
        version: reader.u8(),
        recordCount: reader.u16(),
        freeBytes: reader.u16(),
        lastAddition: reader.u32(),
        lastErase: reader.u32(),
        operations: reader.u8(),
      };
      reader.end();
      return info;
    },
    encode: ({ version, recordCount, freeBytes, lastAddition, lastErase, operations }) =>
      new ByteWriter(14)
        .u8(version)
        .u16(recordCount)
        .u16(freeBytes)
        .u32(lastAddition)
        .u32(lastErase)
        .u8(operations).bytes,
  },
};
