import { ByteReader } from '../../bytes/byte-reader.ts';
import { ByteWriter } from '../../bytes/byte-writer.ts';
import type { Command } from '../command.ts';

export interface WriteFruDataRequest {
  /** 1 byte. */
  readonly fruDeviceId: number;
  /** 2 bytes. */
  readonly offset: number;
  readonly bytes: Uint8Array;
}

/** v2.0§34.3 table 34-4. Request 3 bytes and those to write; response 1 byte, how many were written. */
export const writeFruData: Command<WriteFruDataRequest, { readonly count: number }> = {
  name: 'Write FRU Data',
  netFn: 'storage',
  code: 0x12,
  request: {
    decode: (data) => {
      const reader = new ByteReader(data);
      return { fruDeviceId: reader.u8(), offset: reader.u16(), bytes: reader.rest() };
    },
    encode: ({ fruDeviceId, offset, bytes }) =>
      new ByteWriter(3 + bytes.length).u8(fruDeviceId).u16(offset).put(bytes).bytes,
  },
  response: {
    decode: (data) => {
      const reader = new ByteReader(data);
      const count = reader.u8();
      reader.end();
      return { count };
    },
    encode: ({ count }) => new ByteWriter(1).u8(count).bytes,
  },
};
