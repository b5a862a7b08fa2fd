import { ByteReader } from '../../bytes/byte-reader.ts';
import { ByteWriter } from '../../bytes/byte-writer.ts';
import type { DataCodec } from '../command.ts';

/** Of the SEL or of the SDR repository. */
export interface Reservation {
  /** 2 bytes; never 0. */
  readonly reservationId: number;
}

export const reservation: DataCodec<Reservation> = {
  decode: (data) => {
    const reader = new ByteReader(data);
    const value = { reservationId: reader.u16() };
    reader.end();
    return value;
  },
  encode: ({ reservationId }) => new ByteWriter(2).u16(reservationId).bytes,
};
