import { ByteReader } from '../../bytes/byte-reader.ts';
import { ByteWriter } from '../../bytes/byte-writer.ts';
import type { DataCodec } from '../command.ts';

/** Asks for a record of the SEL or of the SDR repository, or for a part of it. */
export interface RecordPartRequest {
  /** 2 bytes: needed for a read that does not begin at offset 0. */
  readonly reservationId: number;
  /** 2 bytes; 0000h: the first record, FFFFh: the last one. */
  readonly recordId: number;
  /** 1 byte: where in the record to begin. */
  readonly offset: number;
  /** 1 byte: how many bytes to read; `WHOLE_RECORD`: all up to the end of the record. */
  readonly count: number;
}

export const FIRST_RECORD = 0x0000;
/** As an id that is asked for: the last record. As the next one in an answer: there is none. */
export const LAST_RECORD = 0xffff;
export const WHOLE_RECORD = 0xff;

export interface RecordPart {
  /** 2 bytes; FFFFh: this is the last one. */
  readonly nextRecordId: number;
  /** The bytes of the record that were asked for. */
  readonly bytes: Uint8Array;
}

/** 6 bytes. */
export const recordPartRequest: DataCodec<RecordPartRequest> = {
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
};

/** 2 bytes and those of the record. */
export const recordPart: DataCodec<RecordPart> = {
  decode: (data) => {
    const reader = new ByteReader(data);
    return { nextRecordId: reader.u16(), bytes: reader.rest() };
  },
  encode: ({ nextRecordId, bytes }) => new ByteWriter(2 + bytes.length).u16(nextRecordId).put(bytes).bytes,
};
