import { reserveSdrRepository } from '@vbmc/ipmi-codec';
import { respond } from '../../../terms/result.ts';
import { defineHandler } from '../handler.ts';
import { reserve } from './sdr-reservations.ts';

export const reserveSdrRepositoryHandler = defineHandler({
  command: reserveSdrRepository,
  privilege: 'user',
  handle: (_, { device }) => respond({ reservationId: reserve(device) }),
});
