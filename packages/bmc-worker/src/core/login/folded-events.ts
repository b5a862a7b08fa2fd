import type { BmcEvent } from '../terms/bmc-event.ts';
import { limits } from '../terms/limits.ts';

/** An event that tells of a guesser. */
export type GuesserEvent = Extract<BmcEvent, { kind: 'loginAbandoned' | 'loginLockedOut' }>;

interface Folded {
  /** The last one that was not reported. */
  event: GuesserEvent | undefined;
  times: number;
  reportedAt: number;
}

/** Cannot collide with a user name, because a space in a name is printed as `\x20`. */
const ANY_OTHER_NAME = 'any other name';
const OTHER_ADDRESSES = 'other addresses';

/**
 * Reports events that tell of a guesser so that none is left out and an attacker can cause few: the first one of a source and
 * a user at once, the number of further ones after a while. Sources and users beyond the bound share one count.
 */
export class FoldedEvents {
  readonly #emit: (event: GuesserEvent) => void;
  readonly #folded = new Map<string, Folded>();

  constructor(emit: (event: GuesserEvent) => void) {
    this.#emit = emit;
  }

  /** Whether no event waits to be reported. */
  get isEmpty(): boolean {
    return this.#folded.size === 0;
  }

  /** `source`: where the event came from, without a port. */
  report(event: GuesserEvent, source: string, now: number): void {
    const key = `${event.kind} ${source} ${event.user}`;
    if (this.#folded.has(key) || this.#folded.size < limits.abandonedLoginsFolded)
      this.#report(key, event, { ...event, source }, now);
    else {
      const other = { ...event, source: OTHER_ADDRESSES, user: ANY_OTHER_NAME };
      this.#report(event.kind, other, other, now);
    }
  }

  /** Reports what has been folded for long enough. */
  expire(now: number): void {
    for (const [key, folded] of this.#folded) {
      if (now - folded.reportedAt < limits.abandonedLoginsFoldedMs) continue;
      if (!this.#tell(folded, now)) this.#folded.delete(key);
    }
  }

  /** Reports all that has been folded. */
  flush(now: number): void {
    for (const folded of this.#folded.values()) this.#tell(folded, now);
    this.#folded.clear();
  }

  #report(key: string, first: GuesserEvent, further: GuesserEvent, now: number): void {
    const folded = this.#folded.get(key);
    if (folded === undefined) {
      this.#folded.set(key, { event: undefined, times: 0, reportedAt: now });
      this.#emit(first);
    } else {
      folded.event = further;
      folded.times += 1;
    }
  }

  #tell(folded: Folded, now: number): boolean {
    const { event, times } = folded;
    if (event === undefined) return false;
    this.#emit({ ...event, times });
    folded.event = undefined;
    folded.times = 0;
    folded.reportedAt = now;
    return true;
  }
}
