import { clearSel } from '@vbmc/ipmi-codec';
import { refuse, respond } from '../../../terms/result.ts';
import { afterAnswer, defineHandler } from '../handler.ts';
import { logMemoryOf } from './known-event-log.ts';

const COMPLETED = 0x01;

/** The reservation lasts: the client that has cleared the log asks how far that is. */
export const clearSelHandler = defineHandler({
  command: clearSel,
  privilege: 'operator',
  handle: ({ reservationId, action }, { device }) => {
    const memory = logMemoryOf(device);
    if (!memory.isReserved(reservationId)) return refuse('reservationCancelled');
    if (action === 'getStatus') return respond({ progress: COMPLETED });
    memory.changes();
    return afterAnswer({ kind: 'clearEventLog' }, () => respond({ progress: COMPLETED }));
  },
});
