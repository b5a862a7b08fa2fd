import {
  openSessionPacketV15,
  openSessionPacketV20,
  type ActivatedSession,
  type ActivateSessionRequest,
  type PayloadType,
  type SessionChallenge,
  type SessionPacketV15,
  type SessionPacketV20,
} from '@vbmc/ipmi-codec';
import type { LockedOutLogin, SessionDescription } from './terms/bmc-description.ts';
import type { BmcEvent, BmcReset, CloseCause } from './terms/bmc-event.ts';
import type { BmcFigures } from './terms/bmc-figures.ts';
import { LoginV20 } from './login/login-v2-0.ts';
import { limits } from './terms/limits.ts';
import { refuse, type ImmediateResult } from './terms/result.ts';
import { LoginV15 } from './login/login-v1-5.ts';
import type { LoginOptions } from './login/login-options.ts';
import { LoginTracker } from './login/login-tracker.ts';
import { remoteAddressText, type RemoteAddress } from './terms/remote-address.ts';
import type { SessionDirectory } from './request/commands/handler.ts';
import { SessionV20 } from './session/session-v2-0.ts';
import { describeSession, sessionLabel } from './session/session-description.ts';
import { SessionTable } from './session/session-table.ts';
import type { Session } from './session/session.ts';
import { SessionV15 } from './session/session-v1-5.ts';
import type { BmcUsers, UserDirectory } from './session/user-directory.ts';

export type SessionFigures = Pick<
  BmcFigures,
  'activeSessions' | 'halfOpenSessions' | 'lockedOutLogins' | 'refusedLogins' | 'lockouts'
>;

/** An authentic and fresh packet of a session, opened. */
export interface OpenedPacket {
  readonly session: Session;
  /** An IPMI message. */
  readonly payload: Uint8Array;
}

/** Opens sessions, finds them by session id, checks and protects their packets, and ends them. */
export class SessionLayer implements SessionDirectory {
  readonly #options: LoginOptions;
  readonly #table: SessionTable;
  /** To be removed when the present request is answered. */
  readonly #closed: { readonly session: Session; readonly cause: CloseCause }[] = [];
  readonly #loginTracker: LoginTracker;
  readonly #loginV20: LoginV20;
  readonly #loginV15: LoginV15;

  constructor(options: LoginOptions) {
    this.#options = options;
    this.#table = new SessionTable(options.random);
    this.#loginTracker = new LoginTracker(options, this.#table);
    this.#loginV20 = new LoginV20(options, this.#table, this.#loginTracker);
    this.#loginV15 = new LoginV15(this.#table, this.#loginTracker);
  }

  get users(): UserDirectory {
    return this.#loginTracker.users;
  }

  /** Whether nothing waits for time to pass. */
  get isIdle(): boolean {
    return this.#table.size === 0 && this.#loginTracker.isIdle;
  }

  figures(now: number): SessionFigures {
    const { refusedLogins, lockouts } = this.#loginTracker.unauthenticatedEvents;
    return {
      activeSessions: this.#table.sizeOf('active'),
      halfOpenSessions: this.#table.size - this.#table.sizeOf('active'),
      lockedOutLogins: this.describeLockouts(now).length,
      refusedLogins,
      lockouts,
    };
  }

  describeLockouts(now: number): readonly LockedOutLogin[] {
    return this.#loginTracker.guard.describe(now);
  }

  /** Takes a payload from outside a session; ignores payloads that are no message of the handshake. */
  handleHandshake(payloadType: PayloadType, payload: Uint8Array, from: RemoteAddress, now: number): void {
    this.#loginV20.handle(payloadType, payload, from, now);
  }

  find(managedSystemSessionId: number): Session | undefined {
    return this.#table.get(managedSystemSessionId);
  }

  challenge(userName: Uint8Array, from: RemoteAddress, now: number): ImmediateResult<SessionChallenge> {
    return this.#loginV15.challenge(userName, from, now);
  }

  activate(
    session: Session | undefined,
    request: ActivateSessionRequest,
    now: number,
  ): ImmediateResult<ActivatedSession> {
    if (!(session instanceof SessionV15)) return refuse('notSupportedInPresentState');
    return this.#loginV15.activate(session, request, now);
  }

  mayTestPassword(userName: Uint8Array, { origin }: Session, now: number): boolean {
    return this.#loginTracker.guard.mayTest(userName, origin, now);
  }

  notePasswordDiffers(userName: Uint8Array, { origin }: Session, now: number): void {
    this.#loginTracker.failed(userName, origin, now);
  }

  /** Opens a packet of an active RMCP+ session; undefined unless it is authentic and fresh. */
  openV20(
    packet: SessionPacketV20,
    body: Uint8Array,
    from: RemoteAddress,
    now: number,
  ): OpenedPacket | undefined {
    const session = this.#table.get(packet.sessionId);
    if (!(session instanceof SessionV20) || session.security === undefined) return undefined;
    if (!session.isFresh(packet.sessionSequenceNumber)) return undefined;
    const payload = openSessionPacketV20(session.security, body, packet);
    if (payload === undefined) return undefined;
    // The remote console has received RAKP Message 4: it will not have to be made again.
    session.exchange = undefined;
    session.accept(packet.sessionSequenceNumber, from, now);
    return { session, payload };
  }

  /** The same for IPMI 1.5, where the Activate Session that makes the session active is a packet of it too. */
  openV15(packet: SessionPacketV15, from: RemoteAddress, now: number): OpenedPacket | undefined {
    const session = this.#table.get(packet.sessionId);
    if (!(session instanceof SessionV15)) return undefined;
    if (session.phase !== 'active') {
      const payload = this.#loginV15.open(session, packet, from, now);
      return payload && { session, payload };
    }
    const isRepetition =
      packet.sessionSequenceNumber === 0 &&
      session.activation !== undefined &&
      session.isActivatedBy(packet.payload);
    if (!isRepetition && !session.isFresh(packet.sessionSequenceNumber)) return undefined;
    const payload = openSessionPacketV15(session.security, packet);
    if (payload === undefined) return undefined;
    if (isRepetition) return { session, payload };
    session.activation = undefined;
    session.accept(packet.sessionSequenceNumber, from, now);
    return { session, payload };
  }

  /** Sends an IPMI message within a session, unless the session has ended. */
  transmit(session: Session, payload: Uint8Array, to: RemoteAddress): void {
    if (this.#table.get(session.managedSystemSessionId) !== session) return;
    const datagram = session.seal(payload, this.#options.random);
    if (datagram !== undefined) this.#options.emit({ kind: 'transmit', to, datagram });
  }

  active(): readonly Session[] {
    return this.#table.all().filter(({ phase }) => phase === 'active');
  }

  close(session: Session, cause: CloseCause): void {
    this.#closed.push({ session, cause });
  }

  endAllFor(reset: BmcReset, asker: Session, now: number): void {
    const active = this.active();
    this.#report({ kind: 'bmcReset', reset, ...actorOf(asker), endedSessions: active.length });
    for (const session of active) {
      if (session === asker) session.endBy(now + limits.sessionAfterResetMs, 'bmcReset');
      else this.close(session, 'bmcReset');
    }
  }

  /** Removes the sessions that a request has closed, now that it is answered. */
  endClosed(): void {
    for (const { session, cause } of this.#closed.splice(0)) {
      this.#loginTracker.end(session, cause);
    }
  }

  /** Ends the active session with this label, for the operator. */
  closeLabelled(label: string): void {
    const session = this.active().find((one) => sessionLabel(one) === label);
    if (session !== undefined) this.#loginTracker.end(session, 'closedByOperator');
  }

  takeGuessingSources(sources: readonly string[]): void {
    this.#loginTracker.guard.takeGuessingSources(sources);
  }

  /** From now on these users may log in. A session ends unless its user is among them unchanged. */
  replaceUsers(next: BmcUsers, now: number): void {
    const { users: directory } = this.#loginTracker;
    directory.replace(next);
    const users = directory.all;
    const orphaned = this.#table
      .all()
      .filter(
        ({ claim }) =>
          claim && claim.verdict !== 'unknownUser' && !users.some((one) => one.equals(claim.user)),
      );
    for (const session of orphaned) {
      // Its own request has changed its user: it gets the answer, and closes itself.
      if (session.changesOwnUser) {
        session.endBy(now + limits.sessionAfterResetMs, 'userChanged');
        continue;
      }
      this.#loginTracker.end(session, 'userChanged');
      this.#noteHash(session, now);
    }
  }

  /** The active sessions, oldest first. */
  describe(now: number): readonly SessionDescription[] {
    return this.#table.all().flatMap((session) => describeSession(session, now) ?? []);
  }

  expire(now: number): void {
    for (const session of this.#table.expire(now)) {
      this.#loginTracker.reportEnd(session, now < session.endsAt ? 'timedOut' : session.endCause);
      if (session instanceof SessionV20 && session.phase === 'challenged')
        this.#loginV20.abandon(session, now);
    }
    this.#loginTracker.expire(now);
  }

  /** Reports all that waits, because the BMC stops. */
  flush(now: number): void {
    for (const session of this.#table.all()) this.#noteHash(session, now);
    this.#loginTracker.flush(now);
  }

  /** A handshake that ends here, and not by its remote console, has given a hash away like any other. */
  #noteHash(session: Session, now: number): void {
    if (session instanceof SessionV20 && session.phase === 'challenged')
      this.#loginV20.noteHash(session, now);
  }

  #report(event: BmcEvent): void {
    this.#options.emit({ kind: 'event', event });
  }
}

function actorOf(session: Session): { readonly source: string; readonly user: string } {
  return { source: remoteAddressText(session.lastSource), user: session.user?.displayName ?? '' };
}
