import { ByteReader } from '../../bytes/byte-reader.ts';
import { ByteWriter } from '../../bytes/byte-writer.ts';
import type { Command } from '../command.ts';

export interface DeleteSelEntryRequest {
  /** 2 bytes. */
  readonly reservationId: number;
  /** 2 bytes; 0000h: the first record, FFFFh: the last one. */
  readonly recordId: number;
}

export interface DeletedSelEntry {
  /** 2 bytes. */
  readonly recordId: number;
}

/** v2.0§31.8 table 31-8. Request 4 bytes, response 2 bytes. */
export const deleteSelEntry: Command<DeleteSelEntryRequest, DeletedSelEntry> = {
  name: 'Delete SEL Entry',
  netFn: 'storage',
  code: 0x46,
  request: {
    decode: (data) => {
      const reader = new ByteReader(data);
      const request = { reservationId: reader.u16(), recordId: reader.u16() };
      reader.end();
      return request;
    },
    encode: ({ reservationId, recordId }) => new ByteWriter(4).u16(reservationId).u16(recordId).bytes,
  },
  response: {
    decode: (data) => {
      const reader = new ByteReader(data);
      const deleted = { recordId: reader.u16() };
      reader.end();
      return deleted;
    },
    encode: ({ recordId }) => new ByteWriter(2).u16(recordId).bytes,
  },
};
