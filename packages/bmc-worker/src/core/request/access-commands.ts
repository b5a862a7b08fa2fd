import {
  ALWAYS_AVAILABLE,
  NO_ACCESS,
  privilegeLevel,
  USER_IS_DISABLED,
  USER_IS_ENABLED,
  type ChannelAccess,
  type GetChannelAccessRequest,
  type GetSessionInfoRequest,
  type GetUserAccessRequest,
  type GetUserNameRequest,
  type SessionInfo,
  type UserAccess,
  type UserName,
} from '@vbmc/ipmi-codec';
import { refuse, respond } from '../terms/result.ts';
import { isLanChannel, LAN_CHANNEL } from '../terms/lan-channel.ts';
import { limits } from '../terms/limits.ts';
import type { Handler, RequestContext } from './handler.ts';
import { ipv4BytesOf } from '../terms/remote-address.ts';
import type { Session } from '../session/session.ts';
import { FIRST_USER_ID } from '../session/user-directory.ts';

/** User ids have 6 bits: users beyond log in like any other, and have no id. */
const HIGHEST_USER_ID = 63;

function lastUserId({ sessions }: RequestContext): number {
  return Math.min(FIRST_USER_ID + sessions.users.all.length - 1, HIGHEST_USER_ID);
}

export const handleGetChannelAccess: Handler<GetChannelAccessRequest, ChannelAccess> = (
  request,
  { privilegeLimit },
) => {
  // The settings that are kept are those in force. 0 and 3 are reserved.
  if (!isLanChannel(request.channelNumber) || (request.settings !== 1 && request.settings !== 2))
    return refuse('invalidDataField');
  return respond({
    pefAlertingDisabled: true,
    perMessageAuthenticationDisabled: false,
    userLevelAuthenticationDisabled: false,
    accessMode: ALWAYS_AVAILABLE,
    privilegeLimit: privilegeLevel[privilegeLimit],
  });
};

export const handleGetUserAccess: Handler<GetUserAccessRequest, UserAccess> = (
  { channelNumber, userId },
  context,
) => {
  const maximumUserIds = lastUserId(context);
  if (!isLanChannel(channelNumber) || userId === 0 || userId > maximumUserIds)
    return refuse('invalidDataField');
  const user = context.sessions.users.all[userId - FIRST_USER_ID];
  return respond({
    maximumUserIds,
    enabledUserIds: maximumUserIds - 1,
    // The name of user 1 is none, for good.
    fixedNames: 1,
    enableStatus: user === undefined ? USER_IS_DISABLED : USER_IS_ENABLED,
    callbackOnly: false,
    linkAuthentication: false,
    ipmiMessaging: user !== undefined,
    privilegeLimit: user === undefined ? NO_ACCESS : privilegeLevel[user.privilegeLimit],
  });
};

export const handleGetUserName: Handler<GetUserNameRequest, UserName> = ({ userId }, context) => {
  if (userId === 0 || userId > lastUserId(context)) return refuse('invalidDataField');
  const user = context.sessions.users.all[userId - FIRST_USER_ID];
  return respond({ userName: user?.paddedName() ?? new Uint8Array(16) });
};

function sessionAskedFor(
  request: GetSessionInfoRequest,
  { session, sessions }: RequestContext,
): Session | undefined {
  const active = sessions.active();
  if ('handle' in request) return active.find(({ handle }) => handle === request.handle);
  if ('sessionId' in request)
    return active.find(({ managedSystemSessionId }) => managedSystemSessionId === request.sessionId);
  return request.index === 0 ? session : active[request.index - 1];
}

export const handleGetSessionInfo: Handler<GetSessionInfoRequest, SessionInfo> = (request, context) => {
  const counts = {
    possibleSessions: limits.sessions,
    activeSessions: Math.min(context.sessions.active().length, limits.sessions),
  };
  const session = sessionAskedFor(request, context);
  if (session === undefined) return respond({ handle: 0, ...counts });
  const at = context.sessions.users.all.findIndex((user) => session.user?.equals(user));
  return respond({
    handle: session.handle,
    ...counts,
    session: {
      userId: Math.min(FIRST_USER_ID + at, HIGHEST_USER_ID),
      privilegeLevel: privilegeLevel[session.privilegeLevel],
      protocol: session.cipherSuiteId === undefined ? 0 : 1,
      channelNumber: LAN_CHANNEL,
      address: ipv4BytesOf(session.lastSource),
      port: session.lastSource.port,
    },
  });
};
