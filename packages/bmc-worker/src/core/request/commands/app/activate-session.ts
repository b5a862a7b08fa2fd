import { activateSession } from '@vbmc/ipmi-codec';
import { defineHandler } from '../handler.ts';

/** Refused outside the session that Get Session Challenge began. */
export const activateSessionHandler = defineHandler({
  command: activateSession,
  privilege: 'none',
  handle: (request, { sessions }, { session, now }) => sessions.activate(session, request, now),
});
