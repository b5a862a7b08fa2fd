import { reserveSel } from '@vbmc/ipmi-codec';
import { respond } from '../../../terms/result.ts';
import { defineHandler } from '../handler.ts';
import { fromPresentLog, logMemoryOf } from './known-event-log.ts';

/** The one reservation is the last client's. It is lost with the worker: a client gets C5h, and reserves again. */
export const reserveSelHandler = defineHandler({
  command: reserveSel,
  privilege: 'user',
  handle: (_, { device, random }, { now }) =>
    fromPresentLog(device, now, (log) =>
      respond({ reservationId: logMemoryOf(device).reserve(log, random) }),
    ),
});
