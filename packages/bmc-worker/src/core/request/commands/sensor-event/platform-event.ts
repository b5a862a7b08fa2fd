import { platformEvent } from '@vbmc/ipmi-codec';
import { refuse, respond } from '../../../terms/result.ts';
import { afterAnswer, defineHandler } from '../handler.ts';
import { logMemoryOf } from '../storage/known-event-log.ts';
import { recordOfPlatformEvent } from '../storage/sel-records.ts';

/** The software id of a remote console, as in the address of its requests (v2.0§5.5). */
const REMOTE_CONSOLE = 0x81;
const LAN_CHANNEL = 1;

/** Becomes a record of the log. */
export const platformEventHandler = defineHandler({
  command: platformEvent,
  privilege: 'operator',
  handle: (event, { device }) => {
    logMemoryOf(device).changes();
    const record = recordOfPlatformEvent({ ...event, generator: REMOTE_CONSOLE, channel: LAN_CHANNEL });
    return afterAnswer({ kind: 'addLogRecord', record }, (recordId) =>
      recordId === undefined ? refuse('outOfSpace') : respond(undefined),
    );
  },
});
