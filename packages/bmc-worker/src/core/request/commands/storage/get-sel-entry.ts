import { getSelEntry } from '@vbmc/ipmi-codec';
import type { LogEntry } from '../../../terms/log-fact.ts';
import { refuse, respond } from '../../../terms/result.ts';
import { defineHandler } from '../handler.ts';
import { fromLog, logMemoryOf } from './known-event-log.ts';
import { SEL_RECORD_BYTES, selRecordOf } from './sel-records.ts';

const FIRST = 0x0000;
const LAST = 0xffff;
const WHOLE_RECORD = 0xff;

function indexOf(entries: readonly LogEntry[], recordId: number): number {
  if (recordId === FIRST) return 0;
  if (recordId === LAST) return entries.length - 1;
  return entries.findIndex(({ id }) => id === recordId);
}

export const getSelEntryHandler = defineHandler({
  command: getSelEntry,
  privilege: 'user',
  handle: ({ reservationId, recordId, offset, length }, { device }, { now }) => {
    // Only who reads a record in pieces needs to know that it is still the same.
    if (offset > 0 && !logMemoryOf(device).isReserved(reservationId)) return refuse('reservationCancelled');
    if (offset >= SEL_RECORD_BYTES) return refuse('parameterOutOfRange');
    return fromLog(device, now, ({ entries }) => {
      const index = indexOf(entries, recordId);
      const entry = entries[index];
      if (entry === undefined) return refuse('requestedDataNotPresent');
      const end = length === WHOLE_RECORD ? SEL_RECORD_BYTES : Math.min(SEL_RECORD_BYTES, offset + length);
      return respond({
        nextRecordId: entries[index + 1]?.id ?? LAST,
        data: selRecordOf(entry).subarray(offset, end),
      });
    });
  },
});
