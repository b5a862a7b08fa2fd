import { ByteReader } from '../../bytes/byte-reader.ts';
import { ByteWriter } from '../../bytes/byte-writer.ts';
import { noData, type Command, type NoData } from '../command.ts';

export interface SelInfo {
  /** 1 byte: 51h for the SEL commands of IPMI 1.5 and 2.0. */
  readonly version: number;
  /** 2 bytes. */
  readonly entryCount: number;
  /** 2 bytes: free space in bytes; FFFFh: as much or more. */
  readonly freeBytes: number;
  /** 4 bytes each: when a record was last added, and when one was last erased, in seconds since 1970; FFFFFFFFh: never. */
  readonly lastAddition: number;
  readonly lastErase: number;
  /** 1 byte: bit 7 overflow, 3 delete, 2 partial add, 1 reserve, 0 allocation info. */
  readonly operations: number;
}

/** v2.0§31.2 table 31-2. Request none, response 14 bytes. */
export const getSelInfo: Command<NoData, SelInfo> = {
  name: 'Get SEL Info',
  netFn: 'storage',
  code: 0x40,
  request: noData,
  response: {
    decode: (data) => {
      const reader = new ByteReader(data);
      const info = {
        version: reader.u8(),
        entryCount: reader.u16(),
        freeBytes: reader.u16(),
        lastAddition: reader.u32(),
        lastErase: reader.u32(),
        operations: reader.u8(),
      };
      reader.end();
      return info;
    },
    encode: ({ version, entryCount, freeBytes, lastAddition, lastErase, operations }) =>
      new ByteWriter(14)
        .u8(version)
        .u16(entryCount)
        .u16(freeBytes)
        .u32(lastAddition)
        .u32(lastErase)
        .u8(operations).bytes,
  },
};
