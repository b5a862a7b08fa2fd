import { deleteSelEntry, FIRST_RECORD, LAST_RECORD } from '@vbmc/ipmi-codec';
import { refuse, respond } from '../../../terms/result.ts';
import { afterAnswer, defineHandler } from '../handler.ts';
import { logMemoryOf } from './known-event-log.ts';

const ends = new Map([
  [FIRST_RECORD, 'first'],
  [LAST_RECORD, 'last'],
] as const);

export const deleteSelEntryHandler = defineHandler({
  command: deleteSelEntry,
  privilege: 'operator',
  handle: ({ reservationId, recordId }, { device }) => {
    const memory = logMemoryOf(device);
    const removals = memory.removalsAt(reservationId);
    if (removals === undefined) return refuse('reservationCancelled');
    memory.changes();
    return afterAnswer(
      {
        ...{ kind: 'deleteLogEntry', removals },
        which: (ends as ReadonlyMap<number, 'first' | 'last'>).get(recordId) ?? recordId,
      },
      (deleted) => {
        if (deleted === undefined) return refuse('requestedDataNotPresent');
        memory.cancelReservation();
        if (deleted === 'cancelled') return refuse('reservationCancelled');
        return respond({ recordId: deleted });
      },
    );
  },
});
