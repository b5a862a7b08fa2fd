import { clearSel } from '@vbmc/ipmi-codec';
import { refuse, respond } from '../../../terms/result.ts';
import { afterAnswer, defineHandler } from '../handler.ts';
import { logMemoryOf } from './known-event-log.ts';

const COMPLETED = 0x01;

/** Ends the reservation (v2.0§31.9), which then serves only to ask how far the clear is: clients do that. */
export const clearSelHandler = defineHandler({
  command: clearSel,
  privilege: 'operator',
  handle: ({ reservationId, action }, { device }) => {
    const memory = logMemoryOf(device);
    if (action === 'getStatus')
      return memory.mayAskAboutClear(reservationId)
        ? respond({ progress: COMPLETED })
        : refuse('reservationCancelled');
    const removals = memory.removalsAt(reservationId);
    if (removals === undefined) return refuse('reservationCancelled');
    memory.changes();
    return afterAnswer({ kind: 'clearEventLog', removals }, (outcome) => {
      if (outcome === 'cancelled') {
        memory.cancelReservation();
        return refuse('reservationCancelled');
      }
      memory.noteClear(reservationId);
      return respond({ progress: COMPLETED });
    });
  },
});
