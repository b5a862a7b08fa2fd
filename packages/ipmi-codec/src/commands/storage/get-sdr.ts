import { ByteReader } from '../../bytes/byte-reader.ts';
import { ByteWriter } from '../../bytes/byte-writer.ts';
import type { Command } from '../command.ts';

/** The record id that asks for the first record, and the one that says that there is no further. */
export const FIRST_SDR = 0x0000;
export const NO_FURTHER_SDR = 0xffff;
/** As the number of bytes to read: all up to the end of the record. */
export const WHOLE_SDR = 0xff;

export interface GetSdrRequest {
  /** 2 bytes: needed for a read that does not begin at offset 0. */
  readonly reservationId: number;
  /** 2 bytes. */
  readonly recordId: number;
  /** 1 byte each: where to begin in the record, and how many bytes to read. */
  readonly offset: number;
  readonly count: number;
}

export interface SdrPart {
  /** 2 bytes. */
  readonly nextRecordId: number;
  /** The bytes of the record that were asked for. */
  readonly bytes: Uint8Array;
}

/** v2.0§33.12 table 33-6. Request 6 bytes, response 2 bytes and those of the record. */
export const getSdr: Command<GetSdrRequest, SdrPart> = {
  name: 'Get SDR',
  netFn: 'storage',
  code: 0x23,
  request: {
    decode: (data) => {
      const reader = new ByteReader(data);
      const request = {
        reservationId: reader.u16(),
        recordId: reader.u16(),
        offset: reader.u8(),
        count: reader.u8(),
      };
      reader.end();
      return request;
    },
    encode: ({ reservationId, recordId, offset, count }) =>
      new ByteWriter(6).u16(reservationId).u16(recordId).u8(offset).u8(count).bytes,
  },
  response: {
    decode: (data) => {
      const reader = new ByteReader(data);
      return { nextRecordId: reader.u16(), bytes: reader.rest() };
    },
    encode: ({ nextRecordId, bytes }) => new ByteWriter(2 + bytes.length).u16(nextRecordId).put(bytes).bytes,
  },
};
