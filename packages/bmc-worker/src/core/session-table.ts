import { limits } from './limits.ts';
import type { Session } from './session.ts';

/** All sessions of one BMC, by the session id that the BMC chose, never by source address. Bounded. */
export class SessionTable {
  /** In order of age, oldest first. */
  readonly #sessions = new Map<number, Session>();

  get size(): number {
    return this.#sessions.size;
  }

  get(managedSystemSessionId: number): Session | undefined {
    return this.#sessions.get(managedSystemSessionId);
  }

  /** A copy, so that the caller may remove what it goes through. */
  all(): readonly Session[] {
    return [...this.#sessions.values()];
  }

  /** Whether one more can be added, if need be after `makeRoom`. */
  hasRoom(): boolean {
    return this.size < limits.sessions || this.#oldestHalfOpen() !== undefined;
  }

  /** Adds a session and returns the half-open one that had to go for it, if any. Only when `hasRoom()`. */
  add(session: Session): Session | undefined {
    let evicted: Session | undefined;
    if (this.size >= limits.sessions) {
      evicted = this.#oldestHalfOpen();
      if (evicted) this.remove(evicted);
    }
    this.#sessions.set(session.managedSystemSessionId, session);
    return evicted;
  }

  remove(session: Session): void {
    this.#sessions.delete(session.managedSystemSessionId);
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

  #oldestHalfOpen(): Session | undefined {
    for (const session of this.#sessions.values()) if (session.phase !== 'active') return session;
    return undefined;
  }
}
