import {
  authenticationType,
  MAXIMUM_PASSWORD_LENGTH_V15,
  privilegeLevel,
  privilegeLevelNames,
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
import type { SessionTable } from '../session/session-table.ts';
import { SessionV15 } from '../session/session-v1-5.ts';
import { originOf } from '../terms/source.ts';

/**
 * Opens IPMI 1.5 sessions (v2.0§6.12, §22.16, §22.17): the remote console sends Get Session Challenge with the user
 * name, the BMC answers with a temporary session id and a challenge, and the remote console returns the challenge in an
 * Activate Session that is authenticated with the password. The BMC answers Get Session Challenge the same way for an
 * unknown user as for a known one. It does not answer an Activate Session with a wrong code, because it could not
 * authenticate the answer.
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
    // Copied, because `paddedName` is a view of a datagram whose memory is reused.
    const userName = Uint8Array.from(end < 0 ? paddedName : paddedName.subarray(0, end));
    if (userName.length === 0) return refuse('nullUserNameNotEnabled');
    if (this.#loginTracker.guard.verdict(userName, originOf(from), now) !== 'admitted')
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

  /** The IPMI message of an Activate Session that proves the password; undefined for any other packet. */
  open(
    session: SessionV15,
    packet: SessionPacketV15,
    from: RemoteAddress,
    now: number,
  ): Uint8Array | undefined {
    // The sender does not know the challenge, so its address may be forged: ignore the packet and keep the login.
    if (packet.sessionSequenceNumber !== 0 || !session.isActivatedBy(packet.payload)) return undefined;
    const { userName, origin, claim } = session;
    if (this.#loginTracker.guard.verdict(userName, origin, now) !== 'admitted') return undefined;
    const payload = openSessionPacketV15(session.security, packet);
    if (payload !== undefined && claim?.verdict === 'known') {
      session.answerTo(from);
      return payload;
    }
    this.#table.remove(session);
    const reason = claim === undefined || claim.verdict === 'known' ? 'wrongPassword' : claim.verdict;
    const user = session.user?.displayName ?? '';
    this.#loginTracker.unauthenticatedEvents.report(
      { kind: 'sessionRefused', source: remoteAddressText(from), user, reason },
      now,
    );
    this.#loginTracker.failed(userName, origin, now);
    return undefined;
  }

  /** Answers an Activate Session that `open` found authentic. */
  activate(
    session: SessionV15,
    request: ActivateSessionRequest,
    now: number,
  ): ImmediateResult<ActivatedSession> {
    const { initialOutboundSequenceNumber, requestedMaximumPrivilegeLevel } = request;
    // A retransmission: `SessionLayer` passes no other Activate Session of an active session on.
    if (session.activation !== undefined) return respond(session.activation);
    const level = privilegeLevelNames.get(requestedMaximumPrivilegeLevel);
    if (request.authenticationType !== authenticationType.md5 || level === undefined)
      return refuse('invalidDataField');
    if (initialOutboundSequenceNumber === 0) return refuse('sessionSequenceNumberOutOfRange');
    session.numberOutboundFrom(initialOutboundSequenceNumber);
    const { user } = session;
    if (user === undefined || !privilegeSuffices(this.#loginTracker.users.limitOf(user), level))
      return refuse('requestedPrivilegeLevelExceedsLimit');
    const place = this.#table.placeFor({ source: session.source, user: user.displayName, level });
    if (place === undefined) return refuse('noSessionSlotAvailable');
    if (place !== 'free') this.#loginTracker.end(place.ends, 'displaced');
    session.grantPrivilege(level);
    // As unpredictable as a session id, and never 0 either.
    const initialInboundSequenceNumber = this.#loginTracker.newSessionId();
    session.expectInboundFrom(initialInboundSequenceNumber);
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
