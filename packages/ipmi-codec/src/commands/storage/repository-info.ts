import { ByteReader } from '../../bytes/byte-reader.ts';
import { ByteWriter } from '../../bytes/byte-writer.ts';
import type { DataCodec } from '../command.ts';

/** Of the SEL or of the SDR repository. */
export interface RepositoryInfo {
  /** 1 byte: 51h for the commands of IPMI 1.5 and 2.0. */
  readonly version: number;
  /** 2 bytes. */
  readonly recordCount: number;
  /** 2 bytes: free space in bytes; FFFFh: in the SDR repository unspecified, in the SEL as much or more. */
  readonly freeBytes: number;
  /** 4 bytes each: when a record was last added, and when one was last erased, in seconds since 1970; FFFFFFFFh: never. */
  readonly lastAddition: number;
  readonly lastErase: number;
  /** 1 byte: bit 7 overflow, 3 delete, 2 partial add, 1 reserve, 0 allocation info; in the SDR repository bits 6:5 modal or not. */
  readonly operations: number;
}

/** 14 bytes. */
export const repositoryInfo: DataCodec<RepositoryInfo> = {
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
};
