import { getSelTimeUtcOffset, setSelTimeUtcOffset, UNSPECIFIED_UTC_OFFSET } from '@vbmc/ipmi-codec';
import { refuse, respond } from '../../../terms/result.ts';
import { defineHandler } from '../handler.ts';

export const getSelTimeUtcOffsetHandler = defineHandler({
  command: getSelTimeUtcOffset,
  privilege: 'user',
  handle: () => respond({ minutes: UNSPECIFIED_UTC_OFFSET }),
});

/** The log's time is in UTC: only what is so already can be set. */
export const setSelTimeUtcOffsetHandler = defineHandler({
  command: setSelTimeUtcOffset,
  privilege: 'operator',
  handle: ({ minutes }) =>
    minutes === UNSPECIFIED_UTC_OFFSET ? respond(undefined) : refuse('invalidDataField'),
});
