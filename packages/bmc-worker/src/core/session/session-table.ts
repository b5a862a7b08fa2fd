import { ByteReader } from '@vbmc/ipmi-codec';
import { limits } from '../terms/limits.ts';
import type { RandomBytes } from '../terms/random-bytes.ts';
import { drawOlder, EarlyDrop } from './early-drop.ts';
import type { Session, SessionPhase } from './session.ts';
import { placeFor, type Newcomer, type SessionPlace } from './session-places.ts';
import { SourceShares } from './source-shares.ts';

/**
 * All sessions of one BMC, found by the session id that the BMC chose, never by source address. Each phase is bounded,
 * in total and per source (`session.source`). A client gets beyond `opened` only if it receives the BMC's answers, so
 * forged addresses can fill only that phase. A source that exceeds its share of half-open sessions loses one of its own; if
 * the phase is full, a source with the most sessions loses one. `EarlyDrop` says which.
 */
export class SessionTable {
  /** Oldest first. */
  readonly #sessions = new Map<number, Session>();
  readonly #shares: Readonly<Record<SessionPhase, SourceShares<Session>>> = {
    opened: new SourceShares(),
    challenged: new SourceShares(),
    active: new SourceShares(),
  };

  readonly #earlyDrops: Readonly<Record<'opened' | 'challenged', EarlyDrop<Session>>>;
  readonly #random: RandomBytes;

  constructor(random: RandomBytes) {
    this.#random = random;
    this.#earlyDrops = {
      opened: new EarlyDrop(this.#shares.opened, this.#draw),
      challenged: new EarlyDrop(this.#shares.challenged, this.#draw),
    };
  }

  get size(): number {
    return this.#sessions.size;
  }

  /** The number of sessions in one phase. */
  sizeOf(phase: SessionPhase): number {
    return this.#shares[phase].size;
  }

  get(managedSystemSessionId: number): Session | undefined {
    return this.#sessions.get(managedSystemSessionId);
  }

  /** A copy, so that the caller may remove sessions while it iterates. */
  all(): readonly Session[] {
    return [...this.#sessions.values()];
  }

  /** The handshakes of one source that have reached RAKP Message 2 and no further. */
  challengedOf(source: string): Iterable<Session> {
    return this.#shares.challenged.of(source);
  }

  /** The place for one more active session. */
  placeFor(newcomer: Newcomer): SessionPlace {
    return placeFor(newcomer, [...this.#shares.active.all()]);
  }

  /** Adds a session in phase `opened`; may evict an older one of that phase. */
  add(session: Session): void {
    this.#makeRoom('opened', session.source);
    this.#sessions.set(session.managedSystemSessionId, session);
    this.#enter('opened', session);
  }

  /**
   * Moves a session to `challenged`, after RAKP Message 2. Returns the session of that phase that it evicted, if any.
   */
  challenge(session: Session): Session | undefined {
    if (session.phase === 'challenged') return undefined;
    const evicted = this.#makeRoom('challenged', session.source);
    this.#move(session, 'challenged');
    return evicted;
  }

  /** Moves a session to `active`, after RAKP Message 4. The caller has found a place for it. */
  activate(session: Session): void {
    this.#move(session, 'active');
  }

  remove(session: Session): void {
    if (!this.#sessions.delete(session.managedSystemSessionId)) return;
    this.#leave(session);
    session.end();
  }

  /** Removes and returns all sessions that have timed out, or were to end by now. */
  expire(now: number): Session[] {
    const expired: Session[] = [];
    for (const session of this.#sessions.values()) {
      const lifetime = session.phase === 'active' ? limits.sessionInactivityMs : limits.handshakeMs;
      if (now - session.lastActivityAt < lifetime && now < session.endsAt) continue;
      this.remove(session);
      expired.push(session);
    }
    return expired;
  }

  #move(session: Session, phase: SessionPhase): void {
    this.#leave(session);
    session.phase = phase;
    this.#enter(phase, session);
  }

  #enter(phase: SessionPhase, session: Session): void {
    this.#shares[phase].add(session.source, session);
    if (phase !== 'active') this.#earlyDrops[phase].added(session);
  }

  #leave(session: Session): void {
    const { phase } = session;
    this.#shares[phase].delete(session.source, session);
    if (phase !== 'active') this.#earlyDrops[phase].deleted(session);
  }

  #makeRoom(phase: 'opened' | 'challenged', from: string): Session | undefined {
    const { total, perSource } = limits.handshakes[phase];
    const shares = this.#shares[phase];
    let source = from;
    if (shares.countOf(from) < perSource) {
      if (shares.size < total) return undefined;
      source = drawOlder(shares.largest(), this.#draw) ?? from;
    }
    const evicted = this.#earlyDrops[phase].victimOf(source);
    if (evicted) this.remove(evicted);
    return evicted;
  }

  /** A number from 0 to `below` - 1. The bias of the remainder does not matter: `below` is small. */
  readonly #draw = (below: number): number => new ByteReader(this.#random(4)).u32() % below;
}
