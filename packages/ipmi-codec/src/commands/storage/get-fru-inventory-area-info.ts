import { bit, flag } from '../../bytes/bits.ts';
import { ByteReader } from '../../bytes/byte-reader.ts';
import { ByteWriter } from '../../bytes/byte-writer.ts';
import type { Command } from '../command.ts';

export interface FruInventoryAreaInfo {
  /** 2 bytes: the size in bytes. */
  readonly size: number;
  /** Byte 3, bit 0: offsets and counts are in words of 2 bytes. */
  readonly accessedByWords: boolean;
}

/** v2.0§34.1 table 34-2. Request 1 byte (the FRU device's id), response 3 bytes. */
export const getFruInventoryAreaInfo: Command<{ readonly fruDeviceId: number }, FruInventoryAreaInfo> = {
  name: 'Get FRU Inventory Area Info',
  netFn: 'storage',
  code: 0x10,
  request: {
    decode: (data) => {
      const reader = new ByteReader(data);
      const fruDeviceId = reader.u8();
      reader.end();
      return { fruDeviceId };
    },
    encode: ({ fruDeviceId }) => new ByteWriter(1).u8(fruDeviceId).bytes,
  },
  response: {
    decode: (data) => {
      const reader = new ByteReader(data);
      const size = reader.u16();
      const accessedByWords = bit(reader.u8(), 0);
      reader.end();
      return { size, accessedByWords };
    },
    encode: ({ size, accessedByWords }) => new ByteWriter(3).u16(size).u8(flag(accessedByWords, 0)).bytes,
  },
};
