import { closeSession } from '@vbmc/ipmi-codec';
import { refuse, respond } from '../../../terms/result.ts';
import { defineHandler } from '../handler.ts';

export const closeSessionHandler = defineHandler({
  command: closeSession,
  privilege: 'callback',
  handle: ({ sessionId, sessionHandle }, { sessions }, { session }) => {
    const target =
      sessionHandle === undefined
        ? sessions.find(sessionId)
        : sessions.active().find(({ handle }) => handle === sessionHandle);
    if (session === undefined || target?.phase !== 'active')
      return refuse(sessionHandle === undefined ? 'invalidSessionId' : 'invalidSessionHandle');
    // Only an administrator may close another session than their own (v2.0 appendix G).
    if (target !== session && session.privilegeLevel !== 'administrator')
      return refuse('insufficientPrivilege');
    sessions.close(target, target === session ? 'closed' : 'closedByAdministrator');
    return respond(undefined);
  },
});
