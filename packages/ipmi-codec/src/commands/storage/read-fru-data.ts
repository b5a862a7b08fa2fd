import { ByteReader } from '../../bytes/byte-reader.ts';
import { ByteWriter } from '../../bytes/byte-writer.ts';
import type { Command } from '../command.ts';

export interface ReadFruDataRequest {
  /** 1 byte. */
  readonly fruDeviceId: number;
  /** 2 bytes. */
  readonly offset: number;
  /** 1 byte: how many bytes to read, from 1. */
  readonly count: number;
}

/** v2.0§34.2 table 34-3. Request 4 bytes; response 1 byte, the number of bytes, and these. */
export const readFruData: Command<ReadFruDataRequest, { readonly bytes: Uint8Array }> = {
  name: 'Read FRU Data',
  netFn: 'storage',
  code: 0x11,
  request: {
    decode: (data) => {
      const reader = new ByteReader(data);
      const request = { fruDeviceId: reader.u8(), offset: reader.u16(), count: reader.u8() };
      reader.end();
      return request;
    },
    encode: ({ fruDeviceId, offset, count }) => new ByteWriter(4).u8(fruDeviceId).u16(offset).u8(count).bytes,
  },
  response: {
    decode: (data) => {
      const reader = new ByteReader(data);
      const bytes = reader.take(reader.u8());
      reader.end();
      return { bytes };
    },
    encode: ({ bytes }) => new ByteWriter(1 + bytes.length).u8(bytes.length).put(bytes).bytes,
  },
};
