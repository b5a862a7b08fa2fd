/** Keeps the last events of vbmcd and its BMCs, numbered, for clients that ask later or follow. */
import { eventClassOf, keptEvents, type EventClass } from './event-class.ts';
import { isWanted, type EventFilter } from './event-filter.ts';
import type { EventRecord } from './event-record.ts';
import { EventShelf } from './event-shelf.ts';

/** Each class of events has room of its own: no number of logins pushes a power command out. */
export class EventRing {
  readonly #shelves: Readonly<Record<EventClass, EventShelf>> = {
    changes: new EventShelf(keptEvents.changes),
    sessions: new EventShelf(keptEvents.sessions),
    guesses: new EventShelf(keptEvents.guesses),
    refusals: new EventShelf(keptEvents.refusals),
  };
  #lastSeq = 0;
  readonly #followers = new Set<(record: EventRecord) => void>();

  add(record: Omit<EventRecord, 'seq'>): void {
    this.#lastSeq += 1;
    const numbered = { seq: this.#lastSeq, ...record };
    this.#shelves[eventClassOf(record.event)].add(numbered);
    for (const follower of this.#followers) follower(numbered);
  }

  /** The last `limit` events that are wanted, oldest first. */
  recent(filter: EventFilter, limit: number): readonly EventRecord[] {
    return Object.values(this.#shelves)
      .flatMap((shelf) => shelf.all())
      .filter((record) => isWanted(record, filter))
      .sort((one, other) => one.seq - other.seq)
      .slice(limit === 0 ? Infinity : -limit);
  }

  /** Whether an event of this BMC is kept. */
  has(bmc: string): boolean {
    return Object.values(this.#shelves).some((shelf) => shelf.has(bmc));
  }

  /** Calls `follower` for each new event until the returned function is called. */
  follow(follower: (record: EventRecord) => void): () => void {
    this.#followers.add(follower);
    return () => {
      this.#followers.delete(follower);
    };
  }
}
