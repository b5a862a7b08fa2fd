import { limits } from '../terms/limits.ts';
import type { Session, SessionPhase } from './session.ts';
import { SourceShares } from './source-shares.ts';

/**
 * All sessions of one BMC, by the session id that the BMC chose, never by source address. Bounded per phase, in
 * total and per source (`session.source`): only who has answered from its address gets beyond `opened`, so forged
 * addresses fill no table but that one; and where something has to go, it is the oldest of whoever has the most.
 */
export class SessionTable {
  /** In order of age, oldest first. */
  readonly #sessions = new Map<number, Session>();
  readonly #shares: Readonly<Record<SessionPhase, SourceShares<Session>>> = {
    opened: new SourceShares(),
    challenged: new SourceShares(),
    active: new SourceShares(),
  };

  get size(): number {
    return this.#sessions.size;
  }

  /** Sessions in one phase. */
  sizeOf(phase: SessionPhase): number {
    return this.#shares[phase].size;
  }

  get(managedSystemSessionId: number): Session | undefined {
    return this.#sessions.get(managedSystemSessionId);
  }

  /** A copy, so that the caller may remove what it goes through. */
  all(): readonly Session[] {
    return [...this.#sessions.values()];
  }

  /** The handshakes of one source that have come as far as RAKP Message 2. */
  challengedOf(source: string): Iterable<Session> {
    return this.#shares.challenged.of(source);
  }

  /** Whether one more session of this source may become active. An active one never has to go for another. */
  hasRoomFor(source: string): boolean {
    const { active } = this.#shares;
    return active.size < limits.sessions && active.countOf(source) < limits.sessionsPerSource;
  }

  /** Adds a session that has just been opened; an older one that is no further may go for it. */
  add(session: Session): void {
    this.#makeRoom('opened', session.source);
    this.#sessions.set(session.managedSystemSessionId, session);
    this.#shares.opened.add(session.source, session);
  }

  /** After RAKP Message 2. Returns the one, no further, that had to go for it. */
  challenge(session: Session): Session | undefined {
    if (session.phase === 'challenged') return undefined;
    const evicted = this.#makeRoom('challenged', session.source);
    this.#move(session, 'challenged');
    return evicted;
  }

  /** After RAKP Message 4. Only when `hasRoomFor` its source. */
  activate(session: Session): void {
    this.#move(session, 'active');
  }

  remove(session: Session): void {
    if (!this.#sessions.delete(session.managedSystemSessionId)) return;
    this.#shares[session.phase].delete(session.source, session);
    session.end();
  }

  /** Removes and returns all sessions whose time is over. */
  expire(now: number): Session[] {
    const expired: Session[] = [];
    for (const session of this.#sessions.values()) {
      const lifetime = session.phase === 'active' ? limits.sessionInactivityMs : limits.handshakeMs;
      if (now - session.lastActivityAt < lifetime) continue;
      this.remove(session);
      expired.push(session);
    }
    return expired;
  }

  #move(session: Session, phase: SessionPhase): void {
    this.#shares[session.phase].delete(session.source, session);
    session.phase = phase;
    this.#shares[phase].add(session.source, session);
  }

  #makeRoom(phase: 'opened' | 'challenged', source: string): Session | undefined {
    const { total, perSource } = limits.handshakes[phase];
    const shares = this.#shares[phase];
    let evicted: Session | undefined;
    if (shares.countOf(source) >= perSource) evicted = shares.oldestOf(source);
    else if (shares.size >= total) evicted = shares.oldestOfGreediest();
    if (evicted) this.remove(evicted);
    return evicted;
  }
}
