import { ByteReader } from '../../bytes/byte-reader.ts';
import { ByteWriter } from '../../bytes/byte-writer.ts';
import { noData, type Command, type NoData } from '../command.ts';

export interface SdrReservation {
  /** 2 bytes: not 0. */
  readonly reservationId: number;
}

/** v2.0§33.11 table 33-5. Request none, response 2 bytes. */
export const reserveSdrRepository: Command<NoData, SdrReservation> = {
  name: 'Reserve SDR Repository',
  netFn: 'storage',
  code: 0x22,
  request: noData,
  response: {
    decode: (data) => {
      const reader = new ByteReader(data);
      const value = { reservationId: reader.u16() };
      reader.end();
      return value;
    },
    encode: ({ reservationId }) => new ByteWriter(2).u16(reservationId).bytes,
  },
};
