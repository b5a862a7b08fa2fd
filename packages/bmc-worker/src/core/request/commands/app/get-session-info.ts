import { getSessionInfo, privilegeLevel, type GetSessionInfoRequest } from '@vbmc/ipmi-codec';
import type { Session } from '../../../session/session.ts';
import { LAN_CHANNEL } from '../../../terms/lan-channel.ts';
import { limits } from '../../../terms/limits.ts';
import { ipv4BytesOf } from '../../../terms/remote-address.ts';
import { refuse, respond } from '../../../terms/result.ts';
import { defineHandler } from '../handler.ts';
import { userIdOf } from '../user-ids.ts';

/** `active`: the active sessions, oldest first; `own`: the requesting one. */
function selectSession(
  request: GetSessionInfoRequest,
  active: readonly Session[],
  own: Session | undefined,
): Session | undefined {
  if ('handle' in request) return active.find(({ handle }) => handle === request.handle);
  if ('sessionId' in request)
    return active.find(({ managedSystemSessionId }) => managedSystemSessionId === request.sessionId);
  return request.index === 0 ? own : active[request.index - 1];
}

export const getSessionInfoHandler = defineHandler({
  command: getSessionInfo,
  privilege: 'user',
  handle: (request, { sessions }, { session: own }) => {
    const active = sessions.active();
    const counts = {
      possibleSessions: limits.sessions,
      activeSessions: Math.min(active.length, limits.sessions),
    };
    const session = selectSession(request, active, own);
    // Not handle 00h and the counts (v2.0§22.20): ipmitool would print that as an empty session for each of the 63 slots. It
    // ends its list at CBh and CCh, and OpenBMC refuses too.
    if (session === undefined) return refuse('requestedDataNotPresent');
    return respond({
      handle: session.handle,
      ...counts,
      session: {
        userId: userIdOf(session.user, sessions),
        privilegeLevel: privilegeLevel[session.privilegeLevel],
        protocol: session.cipherSuiteId === undefined ? 0 : 1,
        channelNumber: LAN_CHANNEL,
        address: ipv4BytesOf(session.lastSource),
        port: session.lastSource.port,
      },
    });
  },
});
