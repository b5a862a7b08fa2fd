/** For how long a domain has run, in seconds: counted while it is on, and stored now and then. Pure. */
import type { LogNotes } from './log-journal.ts';

type Stored = Pick<LogNotes, 'operatingSeconds' | 'countedAt'>;

/** While it is on the count is stored this often. */
export const COUNT_STORED_MS = 3_600_000;
/** What an earlier vbmcd has not stored any more, and the time until this one: no more of it is believed. */
const MOST_UNSTORED_S = 2 * 3_600;

export class OperatingTime {
  #seconds: number;
  /** Of the host's clock, when it was last stored; undefined: the domain was off then. */
  #unstoredSince: number | undefined;
  #onSinceMs: number | undefined;

  constructor({ operatingSeconds, countedAt }: Stored) {
    this.#seconds = operatingSeconds;
    this.#unstoredSince = countedAt;
  }

  /** The domain is on or off. `nowMs` never goes back; `atSeconds` is the host's time. Returns what is to be stored, if that is news. */
  set(isOn: boolean, nowMs: number, atSeconds: number): Stored | undefined {
    if (isOn === (this.#onSinceMs !== undefined)) return undefined;
    if (isOn) {
      if (this.#unstoredSince !== undefined)
        this.#seconds += Math.min(MOST_UNSTORED_S, Math.max(0, atSeconds - this.#unstoredSince));
      this.#unstoredSince = undefined;
      this.#onSinceMs = nowMs;
      return { operatingSeconds: Math.floor(this.#seconds), countedAt: atSeconds };
    }
    this.#seconds = this.at(nowMs);
    this.#onSinceMs = undefined;
    return { operatingSeconds: Math.floor(this.#seconds), countedAt: undefined };
  }

  /** What is to be stored while the domain is on. */
  stored(nowMs: number, atSeconds: number): Stored | undefined {
    if (this.#onSinceMs === undefined) return undefined;
    return { operatingSeconds: Math.floor(this.at(nowMs)), countedAt: atSeconds };
  }

  /** Seconds in all. */
  at(nowMs: number): number {
    return this.#seconds + (this.#onSinceMs === undefined ? 0 : Math.max(0, nowMs - this.#onSinceMs) / 1_000);
  }
}
