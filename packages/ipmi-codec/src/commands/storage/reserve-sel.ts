import { noData, type Command, type NoData } from '../command.ts';
import { reservation, type Reservation } from './reservation.ts';

/** v2.0§31.4 table 31-4. Request none, response 2 bytes. */
export const reserveSel: Command<NoData, Reservation> = {
  name: 'Reserve SEL',
  netFn: 'storage',
  code: 0x42,
  request: noData,
  response: reservation,
};
