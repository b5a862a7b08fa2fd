import { getLastProcessedEventId } from '@vbmc/ipmi-codec';
import { respond } from '../../../terms/result.ts';
import { defineHandler } from '../handler.ts';
import { fromLog } from '../storage/known-event-log.ts';

const NONE = 0xffff;
const NEVER = 0xffffffff;

/** Nothing is done upon events: none was processed. */
export const getLastProcessedEventIdHandler = defineHandler({
  command: getLastProcessedEventId,
  privilege: 'administrator',
  handle: (_, { device }, { now }) =>
    fromLog(device, now, ({ entries, lastAddition }) =>
      respond({
        lastAddition: lastAddition ?? NEVER,
        lastRecordId: entries.at(-1)?.id ?? NONE,
        lastSoftwareProcessed: NONE,
        lastBmcProcessed: NONE,
      }),
    ),
});
