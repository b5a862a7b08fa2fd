import {
  initializationVectorLength,
  openSessionPacket,
  sealSessionPacket,
  type PayloadType,
  type SessionPacketV20,
} from '@vbmc/ipmi-codec';
import type { BmcEvent } from './bmc-event.ts';
import { HandshakeLayer, type HandshakeLayerOptions } from './handshake-layer.ts';
import type { LockedOutLogin } from './login-guard.ts';
import { remoteAddressText, type RemoteAddress } from './remote-address.ts';
import type { SessionDirectory } from './request-context.ts';
import { isFresh, markSeen } from './sequence-window.ts';
import { describeSession, type SessionDescription } from './session-description.ts';
import { SessionTable } from './session-table.ts';
import type { Session } from './session.ts';
import type { User } from './user.ts';

type SessionEndCause = Extract<BmcEvent, { kind: 'sessionClosed' }>['cause'];

/** How many there are, and how many logins failed since the start. */
export interface SessionFigures {
  readonly activeSessions: number;
  readonly halfOpenSessions: number;
  readonly lockedOutLogins: number;
  readonly refusedLogins: number;
  readonly lockouts: number;
}

/** RMCP+ sessions: opens them, finds them by session id, checks and protects their packets, ends them. */
export class SessionLayer implements SessionDirectory {
  readonly #options: HandshakeLayerOptions;
  readonly #table = new SessionTable();
  readonly #closed: Session[] = [];
  readonly #handshakes: HandshakeLayer;

  constructor(options: HandshakeLayerOptions) {
    this.#options = options;
    this.#handshakes = new HandshakeLayer(options, this.#table);
  }

  get isEmpty(): boolean {
    return this.#table.size === 0;
  }

  figures(now: number): SessionFigures {
    const { refusedLogins, lockouts } = this.#handshakes.strangers;
    return {
      activeSessions: this.#table.sizeOf('active'),
      halfOpenSessions: this.#table.size - this.#table.sizeOf('active'),
      lockedOutLogins: this.describeLockouts(now).length,
      refusedLogins,
      lockouts,
    };
  }

  describeLockouts(now: number): readonly LockedOutLogin[] {
    return this.#handshakes.guard.describe(now);
  }

  /** Takes a payload of the handshake; others outside a session are passed over. */
  handleHandshake(payloadType: PayloadType, payload: Uint8Array, from: RemoteAddress, now: number): void {
    this.#handshakes.handle(payloadType, payload, from, now);
  }

  find(managedSystemSessionId: number): Session | undefined {
    return this.#table.get(managedSystemSessionId);
  }

  /** The IPMI message of an authentic and fresh packet of an active session. */
  open(
    packet: SessionPacketV20,
    body: Uint8Array,
    from: RemoteAddress,
    now: number,
  ): { readonly session: Session; readonly payload: Uint8Array } | undefined {
    const session = this.#table.get(packet.sessionId);
    if (session?.security === undefined || !isFresh(session.inbound, packet.sessionSequenceNumber))
      return undefined;
    const payload = openSessionPacket(session.security, body, packet);
    if (payload === undefined) return undefined;
    markSeen(session.inbound, packet.sessionSequenceNumber);
    session.lastActivityAt = now;
    session.lastSource = from;
    // The remote console has RAKP Message 4, so nobody needs its ingredients any more.
    session.exchange = undefined;
    return { session, payload };
  }

  /** Sends an IPMI message within a session, unless the session has ended. */
  transmit(session: Session, payload: Uint8Array, to: RemoteAddress): void {
    if (session.security === undefined || this.#table.get(session.managedSystemSessionId) !== session) return;
    const outbound = {
      payloadType: 'ipmiMessage',
      sessionId: session.remoteConsoleSessionId,
      sessionSequenceNumber: session.nextOutboundSequenceNumber(),
      payload,
    } as const;
    const iv = this.#options.random(initializationVectorLength);
    this.#options.emit({ kind: 'transmit', to, datagram: sealSessionPacket(session.security, outbound, iv) });
  }

  active(): readonly Session[] {
    return this.#table.all().filter(({ phase }) => phase === 'active');
  }

  close(session: Session): void {
    this.#closed.push(session);
  }

  /** Forgets the sessions that were closed, now that the answers are out. */
  endClosed(): void {
    for (const session of this.#closed.splice(0)) {
      this.#table.remove(session);
      this.#reportEnd(session, 'closed');
    }
  }

  /** From now on these users may log in. Sessions end whose user is not among them exactly as it was; returns how many. */
  replaceUsers(users: readonly User[]): number {
    this.#handshakes.replaceUsers(users);
    const orphaned = this.#table
      .all()
      .filter(
        ({ claim }) =>
          claim && claim.verdict !== 'unknownUser' && !users.some((one) => one.equals(claim.user)),
      );
    for (const session of orphaned) {
      this.#table.remove(session);
      this.#reportEnd(session, 'userChanged');
    }
    return orphaned.filter(({ phase }) => phase === 'active').length;
  }

  /** The active sessions, oldest first. */
  describe(now: number): readonly SessionDescription[] {
    return this.#table.all().flatMap((session) => describeSession(session, now) ?? []);
  }

  expire(now: number): void {
    for (const session of this.#table.expire(now)) {
      this.#reportEnd(session, 'timedOut');
      if (session.phase === 'challenged') this.#handshakes.abandon(session, now);
    }
  }

  #reportEnd(session: Session, cause: SessionEndCause): void {
    // A handshake that came to nothing is no session that an operator has to hear of.
    if (session.phase !== 'active') return;
    const source = remoteAddressText(session.lastSource);
    this.#report({ kind: 'sessionClosed', source, user: session.user?.displayName ?? '', cause });
  }

  #report(event: BmcEvent): void {
    this.#options.emit({ kind: 'event', event });
  }
}
