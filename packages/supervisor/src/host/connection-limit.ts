/**
 * Decides which connection of an HTTP server is closed when there are too many, so that one client that holds all of them
 * keeps no other client out. Pure.
 */

/** `silent`: without a complete request yet. `working`: vbmcd makes the answer. `unread`: the client has yet to take it. */
type Phase = 'silent' | 'working' | 'unread';

/** A client sends its request at once and reads its answer at once: who does not is closed first. */
const closedFirst: readonly Phase[] = ['silent', 'unread'];

export class ConnectionLimit<T> {
  readonly #most: number;
  /** In the order in which they came. */
  readonly #phases = new Map<T, Phase>();

  constructor(most: number) {
    this.#most = most;
  }

  /** Returns the connection to close, if any: the new one only when vbmcd works for all others. */
  add(connection: T): T | undefined {
    const excess = this.#phases.size < this.#most ? undefined : (this.#oldestIdle() ?? connection);
    if (excess !== undefined) this.#phases.delete(excess);
    if (excess !== connection) this.#phases.set(connection, 'silent');
    return excess;
  }

  /** Its request is complete. */
  works(connection: T): void {
    this.#enter(connection, 'working');
  }

  /** Its answer is complete. */
  isAnswered(connection: T): void {
    this.#enter(connection, 'unread');
  }

  remove(connection: T): void {
    this.#phases.delete(connection);
  }

  #enter(connection: T, phase: Phase): void {
    if (this.#phases.has(connection)) this.#phases.set(connection, phase);
  }

  #oldestIdle(): T | undefined {
    const connections = [...this.#phases];
    for (const phase of closedFirst) {
      const idle = connections.find(([, present]) => present === phase);
      if (idle !== undefined) return idle[0];
    }
    return undefined;
  }
}
