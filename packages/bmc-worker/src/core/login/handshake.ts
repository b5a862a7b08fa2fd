import {
  authenticationAlgorithm,
  cipherSuites,
  codesEqual,
  confidentialityAlgorithm,
  encodeHandshakeRefusal,
  encodeOpenSessionResponse,
  encodeRakpMessage2,
  encodeRakpMessage4,
  integrityAlgorithm,
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
  type AlgorithmNumbers,
  type CipherSuite,
  type HandshakeRefusal,
  type OpenSessionRequest,
  type PrivilegeLevel,
  type RakpExchange,
  type RakpMessage1,
  type RakpMessage3,
} from '@vbmc/ipmi-codec';
import type { LoginVerdict } from './login-guard.ts';
import type { SessionV20 } from '../session/session-v2-0.ts';
import type { Claim, UserDirectory } from '../session/user-directory.ts';

export type RefusalStatus = HandshakeRefusal['status'];
type LoginReason = Exclude<LoginVerdict, 'admitted'> | 'unknownUser';

/** An answer to a handshake message; `refused` tells why, for the event. */
export interface HandshakeAnswer {
  readonly payload: Uint8Array;
  readonly refused?: RefusalStatus;
  /** Why, where the status does not tell: the remote console is to know less than the operator. */
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

/** What a user name gets that has failed too often: the same whether its password is right this time or not. */
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

function algorithmsOf(suite: CipherSuite): Required<AlgorithmNumbers> {
  return {
    authentication: authenticationAlgorithm[suite.authentication],
    integrity: integrityAlgorithm[suite.integrity],
    confidentiality: confidentialityAlgorithm[suite.confidentiality],
  };
}

function matches(proposed: number | undefined, offered: number | undefined): boolean {
  return proposed === undefined || proposed === offered;
}

/** Whether the specification has an algorithm of this number (v2.0§13.28 tables 13-17 to 13-19). */
function isDefined(number: number | undefined, names: Readonly<Record<string, number>>): boolean {
  return number === undefined || Object.values(names).includes(number);
}

/** The first of the allowed suites that fits the proposal, or why there is none. Null proposals fit any. */
export function selectCipherSuite<Suite extends CipherSuite>(
  proposed: AlgorithmNumbers,
  allowed: readonly Suite[],
): Suite | RefusalStatus {
  if (!isDefined(proposed.authentication, authenticationAlgorithm)) return 'invalidAuthenticationAlgorithm';
  if (!isDefined(proposed.integrity, integrityAlgorithm)) return 'invalidIntegrityAlgorithm';
  if (!isDefined(proposed.confidentiality, confidentialityAlgorithm))
    return 'invalidConfidentialityAlgorithm';
  const suite = allowed.find((candidate) => {
    const offered = algorithmsOf(candidate);
    return (
      matches(proposed.authentication, offered.authentication) &&
      matches(proposed.integrity, offered.integrity) &&
      matches(proposed.confidentiality, offered.confidentiality)
    );
  });
  return suite ?? 'noCipherSuiteMatch';
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

/** Whom RAKP Message 1 claims to be, or why that is no claim (v2.0§13.20). Neither depends on who the users are. */
function claimOf(message: RakpMessage1, users: UserDirectory): Claim | RefusalStatus {
  const level = privilegeLevelNames.get(message.role & 0x0f);
  if (level === undefined) return 'invalidRole';
  if (message.userName.length > MAXIMUM_USER_NAME_LENGTH) return 'invalidNameLength';
  const nameOnly = (message.role & NAME_ONLY_LOOKUP_BIT) !== 0;
  return nameOnly ? users.findByName(message.userName) : users.findByNameAndLevel(message.userName, level);
}

/** RAKP Message 2, for a user that does not exist as for one that does. Sets the session's claim and exchange. */
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
    // Copies: these outlive the datagram that they are views of. (A Buffer's `slice` is a view, too.)
    remoteConsoleRandomNumber: Uint8Array.from(message.remoteConsoleRandomNumber),
    managedSystemRandomNumber: session.managedSystemRandomNumber,
    // Kept, as R_C is: libvirt may tell the UUID between a RAKP Message 1 and its retransmission.
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
 * What a right code is refused with: it may prove a password, never a right to the level. Without a password
 * (RAKP-none) everybody has the right code, and a log-in shows who exists: then nothing is left to hide.
 */
const statusOfProof: Partial<Record<Claim['verdict'], RefusalStatus>> = {
  unknownUser: 'unauthorizedName',
  levelAboveLimit: 'unauthorizedRoleOrPrivilegeLevel',
};

/**
 * RAKP Message 4. Gives the session its keys and privileges when the code is right. When it is wrong, or the remote console
 * says that ours was (it does so after a wrong password and then waits for an answer), it refuses. With a
 * `kg` the session's keys come from it; without, from the user's password.
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
  const refusal = statusOfProof[verdict];
  if (refusal !== undefined) return refuseHandshake(refusal, messageTag, remoteConsoleSessionId);
  const sik = sessionIntegrityKey(authentication, kg ?? user.kuid(), exchange);
  if (session.phase !== 'active') prepare(session, users.limitOf(user), exchange, sik);
  return {
    payload: encodeRakpMessage4({
      messageTag,
      status: 'noErrors',
      remoteConsoleSessionId,
      integrityCheckValue: rakpMessage4Value(authentication, sik, exchange),
    }),
  };
}

function prepare(
  session: SessionV20,
  userLimit: PrivilegeLevel,
  exchange: RakpExchange,
  sik: Uint8Array,
): void {
  const asked = privilegeLevelNames.get(exchange.role & 0x0f) ?? 'callback';
  const opened = privilegeLevelNames.get(session.requestedMaximumPrivilegeLevel) ?? 'administrator';
  session.security = new SessionSecurityV20(session.cipherSuiteId, sik);
  session.privilegeLimit = lowerPrivilege(lowerPrivilege(asked, opened), userLimit);
  // A session begins at User level and is raised by Set Session Privilege Level (v2.0§6.8, §22.18).
  session.privilegeLevel = lowerPrivilege('user', session.privilegeLimit);
}
