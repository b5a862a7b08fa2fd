import {
  cipherSuites,
  codesEqual,
  encodeHandshakeRefusal,
  encodeOpenSessionResponse,
  encodeRakpMessage2,
  encodeRakpMessage4,
  lowerPrivilege,
  MAXIMUM_USER_NAME_LENGTH,
  NAME_ONLY_LOOKUP_BIT,
  privilegeLevel,
  privilegeLevelNames,
  rakpMessage2Code,
  rakpMessage3Code,
  rakpMessage4Value,
  sessionIntegrityKey,
  SessionSecurityV20,
  type HandshakeRefusal,
  type OpenSessionRequest,
  type PrivilegeLevel,
  type RakpExchange,
  type RakpMessage1,
  type RakpMessage3,
} from '@vbmc/ipmi-codec';
import type { LoginVerdict } from './login-guard.ts';
import { algorithmsOf } from './select-cipher-suite.ts';
import type { SessionV20 } from '../session/session-v2-0.ts';
import type { Claim, UserDirectory } from '../session/user-directory.ts';

type RefusalStatus = HandshakeRefusal['status'];
type LoginReason = Exclude<LoginVerdict, 'admitted'> | 'unknownUser' | 'anotherLogin';

/** An answer to a handshake message. */
export interface HandshakeAnswer {
  readonly payload: Uint8Array;
  /** Present when the answer refuses; goes into the event. */
  readonly refused?: RefusalStatus;
  /** For the event, where the status hides the reason: the operator may know more than the remote console. */
  readonly reason?: LoginReason;
}

export function refuseHandshake(
  status: RefusalStatus,
  messageTag: number,
  remoteConsoleSessionId: number,
): HandshakeAnswer {
  return {
    payload: encodeHandshakeRefusal({ messageTag, status, remoteConsoleSessionId }),
    refused: status,
  };
}

/**
 * Answers a message for a session that does not exist, or that comes too early. The remote console's id is 0 when the
 * BMC has no such session (v2.0§13.21).
 */
export function refuseSession(
  { messageTag }: Pick<RakpMessage1, 'messageTag'>,
  session: SessionV20 | undefined,
): HandshakeAnswer {
  return refuseHandshake('invalidSessionId', messageTag, session?.remoteConsoleSessionId ?? 0);
}

/** Refuses a user name that has failed too often, with the same answer for a right and a wrong password. */
export function refuseLogin(
  verdict: Exclude<LoginVerdict, 'admitted'>,
  { messageTag }: RakpMessage1 | RakpMessage3,
  { remoteConsoleSessionId }: SessionV20,
): HandshakeAnswer {
  return {
    ...refuseHandshake('insufficientResourcesToCreateSession', messageTag, remoteConsoleSessionId),
    reason: verdict,
  };
}

/** Open Session Response that accepts. */
export function answerOpenSessionRequest(request: OpenSessionRequest, session: SessionV20): HandshakeAnswer {
  return {
    payload: encodeOpenSessionResponse({
      messageTag: request.messageTag,
      status: 'noErrors',
      maximumPrivilegeLevel: request.requestedMaximumPrivilegeLevel || privilegeLevel.administrator,
      remoteConsoleSessionId: session.remoteConsoleSessionId,
      managedSystemSessionId: session.managedSystemSessionId,
      algorithms: algorithmsOf(cipherSuites[session.cipherSuiteId]),
    }),
  };
}

/**
 * The user that RAKP Message 1 names, or the status that refuses the message (v2.0§13.20). The status never depends
 * on which users exist.
 */
function claimOf(message: RakpMessage1, users: UserDirectory): Claim | RefusalStatus {
  const level = privilegeLevelNames.get(message.role & 0x0f);
  if (level === undefined) return 'invalidRole';
  if (message.userName.length > MAXIMUM_USER_NAME_LENGTH) return 'invalidNameLength';
  const nameOnly = (message.role & NAME_ONLY_LOOKUP_BIT) !== 0;
  return nameOnly ? users.findByName(message.userName) : users.findByNameAndLevel(message.userName, level);
}

/** Whether this is the RAKP Message 1 that was answered: a retransmission, which may have a new message tag. */
export function isSameRakpMessage1(message: RakpMessage1, { exchange }: SessionV20): boolean {
  if (exchange === undefined) return false;
  return (
    message.role === exchange.role &&
    isSame(message.userName, exchange.userName) &&
    isSame(message.remoteConsoleRandomNumber, exchange.remoteConsoleRandomNumber)
  );
}

function isSame(one: Uint8Array, other: Uint8Array): boolean {
  return one.length === other.length && one.every((byte, at) => byte === other[at]);
}

/**
 * RAKP Message 2, made the same way for an unknown user as for a known one. Stores the claim and the exchange in the
 * session.
 */
export function answerRakpMessage1(
  message: RakpMessage1,
  session: SessionV20,
  users: UserDirectory,
  managedSystemGuid: Uint8Array,
): HandshakeAnswer {
  const claim = claimOf(message, users);
  if (typeof claim === 'string')
    return refuseHandshake(claim, message.messageTag, session.remoteConsoleSessionId);
  const exchange: RakpExchange = {
    remoteConsoleSessionId: session.remoteConsoleSessionId,
    managedSystemSessionId: session.managedSystemSessionId,
    // Copied, because the message's fields are views of a datagram whose memory is reused. (A Buffer's `slice` is a
    // view, too.)
    remoteConsoleRandomNumber: Uint8Array.from(message.remoteConsoleRandomNumber),
    managedSystemRandomNumber: session.managedSystemRandomNumber,
    // Kept like R_C: the BMC may learn the UUID from libvirt between RAKP Message 1 and its retransmission.
    managedSystemGuid: session.exchange?.managedSystemGuid ?? managedSystemGuid,
    role: message.role,
    userName: Uint8Array.from(message.userName),
  };
  session.claim = claim;
  session.exchange = exchange;
  const { authentication } = cipherSuites[session.cipherSuiteId];
  return {
    payload: encodeRakpMessage2({
      messageTag: message.messageTag,
      status: 'noErrors',
      remoteConsoleSessionId: session.remoteConsoleSessionId,
      managedSystemRandomNumber: exchange.managedSystemRandomNumber,
      managedSystemGuid: exchange.managedSystemGuid,
      keyExchangeAuthenticationCode: rakpMessage2Code(authentication, claim.user.kuid(), exchange),
    }),
  };
}

/**
 * The status that refuses a login although its code is right: a password proves the user, not a right to the level.
 * With RAKP-none every client has the right code, so a login shows which users exist anyway.
 */
const refusalOfProvedClaim: Partial<Record<Claim['verdict'], RefusalStatus>> = {
  unknownUser: 'unauthorizedName',
  levelAboveLimit: 'unauthorizedRoleOrPrivilegeLevel',
};

/**
 * RAKP Message 4. If the code is right, the session gets its keys and privileges. Refuses if the code is wrong, or if
 * the remote console reports that the BMC's code was wrong: a console with a wrong password does that, and then waits
 * for an answer. The session's keys come from `kg` if there is one, otherwise from the user's password.
 */
export function answerRakpMessage3(
  message: RakpMessage3,
  session: SessionV20,
  users: UserDirectory,
  kg?: Uint8Array,
): HandshakeAnswer {
  const { exchange, claim, remoteConsoleSessionId } = session;
  const { messageTag } = message;
  const { authentication } = cipherSuites[session.cipherSuiteId];
  if (exchange === undefined || claim === undefined)
    return refuseHandshake('invalidSessionId', messageTag, remoteConsoleSessionId);
  const { user, verdict } = claim;
  const isProved = codesEqual(
    rakpMessage3Code(authentication, user.kuid(), exchange),
    message.keyExchangeAuthenticationCode,
  );
  if (message.status !== 0 || !isProved) {
    const answer = refuseHandshake('invalidIntegrityCheckValue', messageTag, remoteConsoleSessionId);
    return verdict === 'unknownUser' ? { ...answer, reason: verdict } : answer;
  }
  const refusal = refusalOfProvedClaim[verdict];
  if (refusal !== undefined) return refuseHandshake(refusal, messageTag, remoteConsoleSessionId);
  const sik = sessionIntegrityKey(authentication, kg ?? user.kuid(), exchange);
  if (session.phase !== 'active') grantSession(session, users.limitOf(user), exchange, sik);
  return {
    payload: encodeRakpMessage4({
      messageTag,
      status: 'noErrors',
      remoteConsoleSessionId,
      integrityCheckValue: rakpMessage4Value(authentication, sik, exchange),
    }),
  };
}

function grantSession(
  session: SessionV20,
  userLimit: PrivilegeLevel,
  exchange: RakpExchange,
  sik: Uint8Array,
): void {
  const asked = privilegeLevelNames.get(exchange.role & 0x0f) ?? 'callback';
  const opened = privilegeLevelNames.get(session.requestedMaximumPrivilegeLevel) ?? 'administrator';
  session.security = new SessionSecurityV20(session.cipherSuiteId, sik);
  session.grantPrivilege(lowerPrivilege(lowerPrivilege(asked, opened), userLimit));
}
