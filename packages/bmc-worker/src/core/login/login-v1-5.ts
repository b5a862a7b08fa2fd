import {
  authenticationType,
  MAXIMUM_PASSWORD_LENGTH_V15,
  privilegeLevel,
  privilegeLevelNames,
  lowerPrivilege,
  openSessionPacketV15,
  privilegeSuffices,
  SessionSecurityV15,
  type ActivatedSession,
  type ActivateSessionRequest,
  type SessionChallenge,
  type SessionPacketV15,
} from '@vbmc/ipmi-codec';
import { refuse, respond, type ImmediateResult } from '../terms/result.ts';
import type { LoginTracker } from './login-tracker.ts';
import { remoteAddressText, type RemoteAddress } from '../terms/remote-address.ts';
import { newSequenceWindow } from '../session/sequence-window.ts';
import type { SessionTable } from '../session/session-table.ts';
import { SessionV15 } from '../session/session-v1-5.ts';
import { sourceOf } from '../terms/source.ts';

/**
 * Opens IPMI 1.5 sessions (v2.0§6.12, §22.16, §22.17). Get Session Challenge is answered for a user that does not exist as
 * for one that does; Activate Session with a wrong code gets no answer, as nothing could authenticate one.
 */
export class LoginV15 {
  readonly #table: SessionTable;
  readonly #loginTracker: LoginTracker;

  constructor(table: SessionTable, loginTracker: LoginTracker) {
    this.#table = table;
    this.#loginTracker = loginTracker;
  }

  /** Get Session Challenge. `paddedName` is 16 bytes. */
  challenge(paddedName: Uint8Array, from: RemoteAddress, now: number): ImmediateResult<SessionChallenge> {
    const end = paddedName.indexOf(0);
    // A copy: it outlives the datagram that this is a view of.
    const userName = Uint8Array.from(end < 0 ? paddedName : paddedName.subarray(0, end));
    if (userName.length === 0) return refuse('nullUserNameNotEnabled');
    if (this.#loginTracker.guard.verdict(userName, sourceOf(from.address), now) !== 'admitted')
      return refuse('nodeBusy');
    const claim = this.#loginTracker.users.findByNameV15(userName);
    const session = new SessionV15({
      managedSystemSessionId: this.#loginTracker.newSessionId(),
      source: from,
      now,
      userName,
      claim,
      security: new SessionSecurityV15(claim.user.kuid().subarray(0, MAXIMUM_PASSWORD_LENGTH_V15)),
      challenge: this.#loginTracker.random(16),
    });
    this.#table.add(session);
    return respond({ temporarySessionId: session.managedSystemSessionId, challenge: session.challenge });
  }

  /** The IPMI message of an Activate Session that proves the password; anything else comes to nothing. */
  open(
    session: SessionV15,
    packet: SessionPacketV15,
    from: RemoteAddress,
    now: number,
  ): Uint8Array | undefined {
    // Who does not know the challenge has not got our answer: he may be anybody, and this is not his login.
    if (packet.sessionSequenceNumber !== 0 || !session.isActivatedBy(packet.payload)) return undefined;
    const { userName, source, claim } = session;
    if (this.#loginTracker.guard.verdict(userName, source, now) !== 'admitted') return undefined;
    const payload = openSessionPacketV15(session.security, packet);
    if (payload !== undefined && claim?.verdict === 'known') {
      session.lastSource = from;
      return payload;
    }
    this.#table.remove(session);
    const reason = claim === undefined || claim.verdict === 'known' ? 'wrongPassword' : claim.verdict;
    const user = session.user?.displayName ?? '';
    this.#loginTracker.unauthenticatedEvents.report(
      { kind: 'sessionRefused', source: remoteAddressText(from), user, reason },
      now,
    );
    this.#loginTracker.failed(userName, source, now);
    return undefined;
  }

  /** Activate Session of who has proved the password. */
  activate(
    session: SessionV15,
    request: ActivateSessionRequest,
    now: number,
  ): ImmediateResult<ActivatedSession> {
    const { initialOutboundSequenceNumber, requestedMaximumPrivilegeLevel } = request;
    // A repetition, as `SessionLayer` lets nothing else through.
    if (session.activation !== undefined) return respond(session.activation);
    const level = privilegeLevelNames.get(requestedMaximumPrivilegeLevel);
    if (request.authenticationType !== authenticationType.md5 || level === undefined)
      return refuse('invalidDataField');
    if (initialOutboundSequenceNumber === 0) return refuse('sessionSequenceNumberOutOfRange');
    session.outboundSequenceNumber = (initialOutboundSequenceNumber - 1) >>> 0;
    const { user } = session;
    if (user === undefined || !privilegeSuffices(this.#loginTracker.users.limitOf(user), level))
      return refuse('requestedPrivilegeLevelExceedsLimit');
    if (!this.#table.hasRoomFor(session.source)) return refuse('noSessionSlotAvailable');
    session.privilegeLimit = level;
    // A session begins at User level and is raised by Set Session Privilege Level (v2.0§6.8, §22.18).
    session.privilegeLevel = lowerPrivilege('user', level);
    // As unpredictable as a session id, and like that never 0.
    const initialInboundSequenceNumber = this.#loginTracker.newSessionId();
    session.inbound = newSequenceWindow(initialInboundSequenceNumber);
    this.#table.activate(session);
    this.#loginTracker.succeeded(session, session.userName, session.lastSource, now);
    const answer: ActivatedSession = {
      authenticationType: authenticationType.md5,
      sessionId: session.managedSystemSessionId,
      initialInboundSequenceNumber,
      maximumPrivilegeLevel: privilegeLevel[level],
    };
    session.activation = answer;
    return respond(answer);
  }
}
