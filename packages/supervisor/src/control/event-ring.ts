/** Keeps the last events of vbmcd and its BMCs, numbered, for clients that ask later or follow. */
import type { LogLevel } from '../log/log-level.ts';

export type EventFacts = Readonly<Record<string, string | number | boolean>>;

export interface EventRecord {
  /** Starts at 1 with vbmcd, without gaps. */
  readonly seq: number;
  /** ISO 8601 in UTC. */
  readonly at: string;
  readonly level: LogLevel;
  /** The kind: `sessionOpened`, `workerEnded`, … */
  readonly event: string;
  /** `null` when the event is about vbmcd as a whole. */
  readonly bmc: string | null;
  /** For people, one line. */
  readonly message: string;
  /** For programs; depends on the kind. */
  readonly facts: EventFacts;
}

const KEPT = 1_000;

export class EventRing {
  #records: EventRecord[] = [];
  #lastSeq = 0;
  readonly #followers = new Set<(record: EventRecord) => void>();

  add(record: Omit<EventRecord, 'seq'>): void {
    this.#lastSeq += 1;
    const numbered = { seq: this.#lastSeq, ...record };
    this.#records.push(numbered);
    // In batches, because copying a thousand records for each new one would be slow.
    if (this.#records.length >= 2 * KEPT) this.#records = this.#records.slice(-KEPT);
    for (const follower of this.#followers) follower(numbered);
  }

  /** The last `limit` events with a number above `since`, oldest first. */
  recent(since: number, limit: number): readonly EventRecord[] {
    return this.#records
      .slice(-KEPT)
      .filter(({ seq }) => seq > since)
      .slice(limit === 0 ? KEPT : -limit);
  }

  /** Calls `follower` for each new event until the returned function is called. */
  follow(follower: (record: EventRecord) => void): () => void {
    this.#followers.add(follower);
    return () => {
      this.#followers.delete(follower);
    };
  }
}
