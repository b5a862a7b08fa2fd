import { getSelTime, setSelTime } from '@vbmc/ipmi-codec';
import { respond } from '../../../terms/result.ts';
import { afterAnswer, defineHandler } from '../handler.ts';
import { fromPresentLog, logMemoryOf } from './known-event-log.ts';

/** The host's time, in UTC, and what Set SEL Time has added to it. */
export const getSelTimeHandler = defineHandler({
  command: getSelTime,
  privilege: 'user',
  handle: (_, { device }, { now }) => fromPresentLog(device, now, ({ time }) => respond({ time })),
});

/** Of the log alone: the host keeps its time. */
export const setSelTimeHandler = defineHandler({
  command: setSelTime,
  privilege: 'operator',
  handle: ({ time }, { device }) => {
    logMemoryOf(device).changes();
    return afterAnswer({ kind: 'setLogTime', time }, () => respond(undefined));
  },
});
