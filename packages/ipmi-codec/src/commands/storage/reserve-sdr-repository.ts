import { noData, type Command, type NoData } from '../command.ts';
import { reservation, type Reservation } from './reservation.ts';

/** v2.0§33.11 table 33-5. Request none, response 2 bytes. */
export const reserveSdrRepository: Command<NoData, Reservation> = {
  name: 'Reserve SDR Repository',
  netFn: 'storage',
  code: 0x22,
  request: noData,
  response: reservation,
};
