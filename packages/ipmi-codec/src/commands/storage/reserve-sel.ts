import { ByteReader } from '../../bytes/byte-reader.ts';
import { ByteWriter } from '../../bytes/byte-writer.ts';
import { noData, type Command, type NoData } from '../command.ts';

export interface SelReservation {
  /** 2 bytes; never 0. */
  readonly reservationId: number;
}

/** v2.0§31.4 table 31-4. Request none, response 2 bytes. */
export const reserveSel: Command<NoData, SelReservation> = {
  name: 'Reserve SEL',
  netFn: 'storage',
  code: 0x42,
  request: noData,
  response: {
    decode: (data) => {
      const reader = new ByteReader(data);
      const reservation = { reservationId: reader.u16() };
      reader.end();
      return reservation;
    },
    encode: ({ reservationId }) => new ByteWriter(2).u16(reservationId).bytes,
  },
};
