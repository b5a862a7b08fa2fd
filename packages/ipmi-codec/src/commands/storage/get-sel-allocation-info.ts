import { ByteReader } from '../../bytes/byte-reader.ts';
import { ByteWriter } from '../../bytes/byte-writer.ts';
import { noData, type Command, type NoData } from '../command.ts';

/** All in allocation units. */
export interface SelAllocationInfo {
  /** 2 bytes: how many there are. */
  readonly units: number;
  /** 2 bytes: the size of one, in bytes. */
  readonly unitSize: number;
  /** 2 bytes. */
  readonly freeUnits: number;
  /** 2 bytes. */
  readonly largestFreeBlock: number;
  /** 1 byte. */
  readonly largestRecord: number;
}

/** v2.0§31.3 table 31-3. Request none, response 9 bytes. */
export const getSelAllocationInfo: Command<NoData, SelAllocationInfo> = {
  name: 'Get SEL Allocation Info',
  netFn: 'storage',
  code: 0x41,
  request: noData,
  response: {
    decode: (data) => {
      const reader = new ByteReader(data);
      const info = {
        units: reader.u16(),
        unitSize: reader.u16(),
        freeUnits: reader.u16(),
        largestFreeBlock: reader.u16(),
        largestRecord: reader.u8(),
      };
      reader.end();
      return info;
    },
    encode: ({ units, unitSize, freeUnits, largestFreeBlock, largestRecord }) =>
      new ByteWriter(9).u16(units).u16(unitSize).u16(freeUnits).u16(largestFreeBlock).u8(largestRecord).bytes,
  },
};
