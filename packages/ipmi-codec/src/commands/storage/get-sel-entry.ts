import { ByteReader } from '../../bytes/byte-reader.ts';
import { ByteWriter } from '../../bytes/byte-writer.ts';
import type { Command } from '../command.ts';

export interface GetSelEntryRequest {
  /** 2 bytes; needed for an offset other than 0. */
  readonly reservationId: number;
  /** 2 bytes; 0000h: the first record, FFFFh: the last one. */
  readonly recordId: number;
  /** 1 byte: where in the record to begin. */
  readonly offset: number;
  /** 1 byte; FFh: the rest of the record. */
  readonly length: number;
}

export interface SelEntry {
  /** 2 bytes; FFFFh: this is the last one. */
  readonly nextRecordId: number;
  /** Up to 16 bytes. */
  readonly data: Uint8Array;
}

/** v2.0§31.5 table 31-5. Request 6 bytes, response 2 to 18 bytes. */
export const getSelEntry: Command<GetSelEntryRequest, SelEntry> = {
  name: 'Get SEL Entry',
  netFn: 'storage',
  code: 0x43,
  request: {
    decode: (data) => {
      const reader = new ByteReader(data);
      const request = {
        reservationId: reader.u16(),
        recordId: reader.u16(),
        offset: reader.u8(),
        length: reader.u8(),
      };
      reader.end();
      return request;
    },
    encode: ({ reservationId, recordId, offset, length }) =>
      new ByteWriter(6).u16(reservationId).u16(recordId).u8(offset).u8(length).bytes,
  },
  response: {
    decode: (data) => {
      const reader = new ByteReader(data);
      return { nextRecordId: reader.u16(), data: reader.rest() };
    },
    encode: ({ nextRecordId, data }) => new ByteWriter(2 + data.length).u16(nextRecordId).put(data).bytes,
  },
};
