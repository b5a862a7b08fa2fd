import { FIRST_RECORD, getSelEntry, LAST_RECORD, WHOLE_RECORD } from '@vbmc/ipmi-codec';
import type { LogEntry } from '../../../terms/log-fact.ts';
import { refuse, respond } from '../../../terms/result.ts';
import { defineHandler } from '../handler.ts';
import { fromLog, logMemoryOf } from './known-event-log.ts';
import { SEL_RECORD_BYTES, selRecordOf } from './sel-records.ts';

function indexOf(entries: readonly LogEntry[], recordId: number): number {
  if (recordId === FIRST_RECORD) return 0;
  if (recordId === LAST_RECORD) return entries.length - 1;
  return entries.findIndex(({ id }) => id === recordId);
}

export const getSelEntryHandler = defineHandler({
  command: getSelEntry,
  privilege: 'user',
  handle: ({ reservationId, recordId, offset, count }, { device }, { now }) => {
    // Only who reads a record in pieces needs to know that it is still the same.
    const reservedAt = logMemoryOf(device).removalsAt(reservationId);
    if (offset > 0 && reservedAt === undefined) return refuse('reservationCancelled');
    if (offset >= SEL_RECORD_BYTES) return refuse('parameterOutOfRange');
    return fromLog(device, now, ({ entries, removals }) => {
      if (offset > 0 && removals !== reservedAt) return refuse('reservationCancelled');
      const index = indexOf(entries, recordId);
      const entry = entries[index];
      if (entry === undefined) return refuse('requestedDataNotPresent');
      const end = count === WHOLE_RECORD ? SEL_RECORD_BYTES : Math.min(SEL_RECORD_BYTES, offset + count);
      return respond({
        nextRecordId: entries[index + 1]?.id ?? LAST_RECORD,
        bytes: selRecordOf(entry).subarray(offset, end),
      });
    });
  },
});
