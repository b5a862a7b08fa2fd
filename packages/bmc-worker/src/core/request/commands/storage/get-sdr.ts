import { FIRST_SDR, getSdr, NO_FURTHER_SDR, WHOLE_SDR } from '@vbmc/ipmi-codec';
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
    const id = recordId === FIRST_SDR ? 1 : recordId === NO_FURTHER_SDR ? sdrRecords.length : recordId;
    const record = sdrRecords[id - 1];
    if (record === undefined) return refuse('requestedDataNotPresent');
    if (offset > 0 && !isReserved(device, reservationId)) return refuse('reservationCancelled');
    if (offset >= record.length) return refuse('parameterOutOfRange');
    const end = count === WHOLE_SDR ? record.length : offset + count;
    if (end > record.length) return refuse('cannotReturnRequestedNumberOfBytes');
    const nextRecordId = id < sdrRecords.length ? id + 1 : NO_FURTHER_SDR;
    return respond({ nextRecordId, bytes: record.slice(offset, end) });
  },
});
