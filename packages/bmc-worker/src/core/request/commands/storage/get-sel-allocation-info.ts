import { getSelAllocationInfo } from '@vbmc/ipmi-codec';
import { respond } from '../../../terms/result.ts';
import { defineHandler } from '../handler.ts';
import { fromLog } from './known-event-log.ts';
import { SEL_RECORD_BYTES } from './sel-records.ts';

/** A unit is a record. */
export const getSelAllocationInfoHandler = defineHandler({
  command: getSelAllocationInfo,
  privilege: 'user',
  handle: (_, { device }, { now }) =>
    fromLog(device, now, ({ entries, capacity }) => {
      const free = Math.max(0, capacity - entries.length);
      return respond({
        units: capacity,
        unitSize: SEL_RECORD_BYTES,
        freeUnits: free,
        largestFreeBlock: free,
        largestRecord: 1,
      });
    }),
});
