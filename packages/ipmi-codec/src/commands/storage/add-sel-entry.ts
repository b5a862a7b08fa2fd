import { ByteReader } from '../../bytes/byte-reader.ts';
import { ByteWriter } from '../../bytes/byte-writer.ts';
import type { Command } from '../command.ts';

export interface AddSelEntryRequest {
  /** 16 bytes. The record id in it is not used; the time is not either, in a record that has one. */
  readonly record: Uint8Array;
}

export interface AddedSelEntry {
  /** 2 bytes. */
  readonly recordId: number;
}

/** v2.0§31.6 table 31-6. Request 16 bytes, response 2 bytes. */
export const addSelEntry: Command<AddSelEntryRequest, AddedSelEntry> = {
  name: 'Add SEL Entry',
  netFn: 'storage',
  code: 0x44,
  request: {
    decode: (data) => {
      const reader = new ByteReader(data);
      const record = reader.take(16);
      reader.end();
      return { record };
    },
    encode: ({ record }) => new ByteWriter(16).put(record).bytes,
  },
  response: {
    decode: (data) => {
      const reader = new ByteReader(data);
      const added = { recordId: reader.u16() };
      reader.end();
      return added;
    },
    encode: ({ recordId }) => new ByteWriter(2).u16(recordId).bytes,
  },
};
