import {
  encodeCipherSuiteRecords,
  cipherSuiteListChunk,
  privilegeLevel,
  privilegeLevelNames,
  privilegeSuffices,
  type ChannelInfo,
  type CloseSessionRequest,
  type GetChannelAuthenticationCapabilitiesRequest,
  type GetChannelAuthenticationCapabilitiesResponse,
  type GetChannelCipherSuitesRequest,
  type GetChannelCipherSuitesResponse,
  type GetChannelInfoRequest,
  type NoData,
  type SessionPrivilegeLevel,
} from '@vbmc/ipmi-codec';
import { refuse, respond, type Handler } from '../handler.ts';

/** The one LAN channel. Eh names "the channel this request came in by". */
const lanChannel = 1;
const isLanChannel = (number: number): boolean => number === lanChannel || number === 0x0e;

export const handleGetChannelAuthenticationCapabilities: Handler<
  GetChannelAuthenticationCapabilitiesRequest,
  GetChannelAuthenticationCapabilitiesResponse
> = (request, { hasKg }) => {
  if (!isLanChannel(request.channelNumber)) return refuse('invalidDataField');
  return respond({
    channelNumber: lanChannel,
    ipmiV20Data: request.ipmiV20Data,
    authenticationTypes: 0,
    kgStatus: hasKg,
    nonNullUsernames: true,
    supportsIpmiV20: request.ipmiV20Data,
    supportsIpmiV15: false,
  });
};

export const handleGetChannelInfo: Handler<GetChannelInfoRequest, ChannelInfo> = (request, { sessions }) =>
  isLanChannel(request.channelNumber)
    ? respond({ channelNumber: lanChannel, activeSessionCount: Math.min(sessions.active().length, 63) })
    : refuse('invalidDataField');

/**
 * Cold and Warm Reset: nothing in here needs a start anew but the sessions, the one that asks included.
 * The domain stays as it is, as a server does when its BMC restarts.
 */
export const handleBmcReset: Handler<NoData, NoData> = (_, { sessions }) => {
  for (const session of sessions.active()) sessions.close(session);
  return respond(undefined);
};

const ipmiMessagePayload = 0;

export const handleGetChannelCipherSuites: Handler<
  GetChannelCipherSuitesRequest,
  GetChannelCipherSuitesResponse
> = (request, { cipherSuites }) => {
  if (!isLanChannel(request.channelNumber) || request.payloadType !== ipmiMessagePayload) {
    return refuse('invalidDataField');
  }
  const all = encodeCipherSuiteRecords(cipherSuites);
  // By algorithm: the same tagged bytes without the records' heads (start of record, id), each once.
  const list = request.listByCipherSuite
    ? all
    : Uint8Array.from(new Set(all.filter((_, at) => at % 5 >= 2))).sort();
  const start = request.listIndex * cipherSuiteListChunk;
  return respond({ channelNumber: lanChannel, records: list.subarray(start, start + cipherSuiteListChunk) });
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
  const target = context.sessions.find(request.sessionId);
  if (session === undefined || target?.phase !== 'active') return refuse('invalidSessionId');
  // Only an administrator closes somebody else's session (v2.0 appendix G).
  if (target !== session && session.privilegeLevel !== 'administrator')
    return refuse('insufficientPrivilege');
  context.sessions.close(target);
  return respond(undefined);
};
