import { FIRST_RECORD, getSdr, LAST_RECORD, WHOLE_RECORD } from '@vbmc/ipmi-codec';
import { refuse, respond } from '../../../terms/result.ts';
import { defineHandler } from '../handler.ts';
import { sdrRecords } from './sdr-records.ts';
import { isReserved } from './sdr-reservations.ts';

/**
 * CBh: no such record. C5h: a read from the middle without a reservation. C9h: the record ends before the offset. CAh: it has fewer
 * bytes than are asked for.
 */
export const getSdrHandler = defineHandler({
  command: getSdr,
  privilege: 'user',
  handle: ({ reservationId, recordId, offset, count }, { device }) => {
    const id = recordId === FIRST_RECORD ? 1 : recordId === LAST_RECORD ? sdrRecords.length : recordId;
    const record = sdrRecords[id - 1];
    if (record === undefined) return refuse('requestedDataNotPresent');
    if (offset > 0 && !isReserved(device, reservationId)) return refuse('reservationCancelled');
    if (offset >= record.length) return refuse('parameterOutOfRange');
    const end = count === WHOLE_RECORD ? record.length : offset + count;
    if (end > record.length) return refuse('cannotReturnRequestedNumberOfBytes');
    const nextRecordId = id < sdrRecords.length ? id + 1 : LAST_RECORD;
    return respond({ nextRecordId, bytes: record.slice(offset, end) });
  },
});
