import {
  authenticationType,
  encodeCipherSuiteRecords,
  CIPHER_SUITE_LIST_CHUNK,
  privilegeLevel,
  privilegeLevelNames,
  privilegeSuffices,
  type ActivatedSession,
  type ActivateSessionRequest,
  type ChannelInfo,
  type CloseSessionRequest,
  type GetChannelAuthenticationCapabilitiesRequest,
  type GetChannelAuthenticationCapabilitiesResponse,
  type GetChannelCipherSuitesRequest,
  type GetChannelCipherSuitesResponse,
  type GetChannelInfoRequest,
  type GetSessionChallengeRequest,
  type NoData,
  type SessionChallenge,
  type SessionPrivilegeLevel,
} from '@vbmc/ipmi-codec';
import { refuse, respond } from '../terms/result.ts';
import type { Handler } from './handler.ts';
import { isLanChannel, LAN_CHANNEL } from '../terms/lan-channel.ts';

export const handleGetChannelAuthenticationCapabilities: Handler<
  GetChannelAuthenticationCapabilitiesRequest,
  GetChannelAuthenticationCapabilitiesResponse
> = (request, { hasKg, allowsIpmiV15 }) => {
  if (!isLanChannel(request.channelNumber)) return refuse('invalidDataField');
  return respond({
    channelNumber: LAN_CHANNEL,
    ipmiV20Data: request.ipmiV20Data,
    authenticationTypes: allowsIpmiV15 ? 1 << authenticationType.md5 : 0,
    kgStatus: hasKg,
    nonNullUsernames: true,
    supportsIpmiV20: request.ipmiV20Data,
    supportsIpmiV15: request.ipmiV20Data && allowsIpmiV15,
  });
};

/** IPMI 1.5 sessions are to be asked for by the inventory, and then with the one type that does not show the password. */
export const handleGetSessionChallenge: Handler<GetSessionChallengeRequest, SessionChallenge> = (
  { authenticationType: type, userName },
  { allowsIpmiV15, sessions, from, now },
) => {
  if (!allowsIpmiV15) return refuse('subFunctionDisabled');
  if (type !== authenticationType.md5) return refuse('invalidDataField');
  return sessions.challenge(userName, from, now);
};

/** Without a session that waits for it there is nothing to activate. */
export const handleActivateSession: Handler<ActivateSessionRequest, ActivatedSession> = (
  request,
  { sessions, session, now },
) => sessions.activate(session, request, now);

export const handleGetChannelInfo: Handler<GetChannelInfoRequest, ChannelInfo> = (request, { sessions }) =>
  isLanChannel(request.channelNumber)
    ? respond({ channelNumber: LAN_CHANNEL, activeSessionCount: Math.min(sessions.active().length, 63) })
    : refuse('invalidDataField');

/**
 * Cold and Warm Reset: nothing in here needs a start anew but the sessions, the one that asks included.
 * The domain stays as it is, as a server does when its BMC restarts.
 */
export const handleBmcReset: Handler<NoData, NoData> = (_, { sessions }) => {
  for (const session of sessions.active()) sessions.close(session);
  return respond(undefined);
};

const IPMI_MESSAGE_PAYLOAD = 0;

export const handleGetChannelCipherSuites: Handler<
  GetChannelCipherSuitesRequest,
  GetChannelCipherSuitesResponse
> = (request, { cipherSuites }) => {
  if (!isLanChannel(request.channelNumber) || request.payloadType !== IPMI_MESSAGE_PAYLOAD) {
    return refuse('invalidDataField');
  }
  const all = encodeCipherSuiteRecords(cipherSuites);
  // By algorithm: the same tagged bytes without the records' heads (start of record, id), each once.
  const list = request.listByCipherSuite
    ? all
    : Uint8Array.from(new Set(all.filter((_, at) => at % 5 >= 2))).sort();
  const start = request.listIndex * CIPHER_SUITE_LIST_CHUNK;
  return respond({
    channelNumber: LAN_CHANNEL,
    records: list.subarray(start, start + CIPHER_SUITE_LIST_CHUNK),
  });
};

export const handleSetSessionPrivilegeLevel: Handler<SessionPrivilegeLevel, SessionPrivilegeLevel> = (
  request,
  { session },
) => {
  if (session === undefined) return refuse('insufficientPrivilege');
  if (request.privilegeLevel !== 0) {
    const level = privilegeLevelNames.get(request.privilegeLevel);
    if (level === undefined || level === 'callback') return refuse('invalidDataField');
    if (!privilegeSuffices(session.privilegeLimit, level)) return refuse('privilegeLevelExceedsLimit');
    session.privilegeLevel = level;
  }
  return respond({ privilegeLevel: privilegeLevel[session.privilegeLevel] });
};

export const handleCloseSession: Handler<CloseSessionRequest, NoData> = (request, context) => {
  const { session } = context;
  const { sessionId, sessionHandle } = request;
  const target =
    sessionHandle === undefined
      ? context.sessions.find(sessionId)
      : context.sessions.active().find(({ handle }) => handle === sessionHandle);
  if (session === undefined || target?.phase !== 'active') return refuse('invalidSessionId');
  // Only an administrator closes somebody else's session (v2.0 appendix G).
  if (target !== session && session.privilegeLevel !== 'administrator')
    return refuse('insufficientPrivilege');
  context.sessions.close(target);
  return respond(undefined);
};
