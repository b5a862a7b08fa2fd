import { addSelEntry } from '@vbmc/ipmi-codec';
import { refuse, respond } from '../../../terms/result.ts';
import { afterAnswer, defineHandler } from '../handler.ts';
import { logMemoryOf } from './known-event-log.ts';
import { isAddable } from './sel-records.ts';

export const addSelEntryHandler = defineHandler({
  command: addSelEntry,
  privilege: 'operator',
  handle: ({ record }, { device }) => {
    const [, , type = 0] = record;
    if (!isAddable(type)) return refuse('recordTypeNotSupported');
    logMemoryOf(device).changes();
    // A copy: the request may be a view of a datagram.
    return afterAnswer({ kind: 'addLogRecord', record: record.slice() }, (recordId) =>
      recordId === undefined ? refuse('outOfSpace') : respond({ recordId }),
    );
  },
});
