/** For how long a domain has been seen on, in seconds: counted while it is, and stored now and then. Pure. */
import type { LogNotes } from './log-journal.ts';

type Stored = Pick<LogNotes, 'operatingSeconds'>;

/** While the domain is on, the count is stored this often. A kill of vbmcd costs no more than that. */
export const COUNT_STORED_MS = 600_000;
/** Clients are told whole hours. */
const TOLD_S = 3_600;

export class OperatingTime {
  #seconds: number;
  #onSinceMs: number | undefined;
  /** As last stored. */
  #stored: number;

  constructor({ operatingSeconds }: Stored) {
    this.#seconds = operatingSeconds;
    this.#stored = operatingSeconds;
  }

  /** From now on the domain is seen on, or is not. `nowMs` never goes back. Returns what is to be stored, if that is news. */
  set(isOn: boolean, nowMs: number): Stored | undefined {
    if (isOn === (this.#onSinceMs !== undefined)) return undefined;
    this.#seconds = this.at(nowMs);
    this.#onSinceMs = isOn ? nowMs : undefined;
    return isOn ? undefined : this.#store(nowMs);
  }

  /** What is to be stored while the domain is on. */
  stored(nowMs: number): Stored | undefined {
    return this.#onSinceMs === undefined ? undefined : this.#store(nowMs);
  }

  /** What is to be stored before a client is told the count, so that no kill of vbmcd turns that back. */
  beforeTold(nowMs: number): Stored | undefined {
    const isNews = Math.floor(this.at(nowMs) / TOLD_S) > Math.floor(this.#stored / TOLD_S);
    return isNews ? this.stored(nowMs) : undefined;
  }

  /** Seconds in all. */
  at(nowMs: number): number {
    return this.#seconds + (this.#onSinceMs === undefined ? 0 : Math.max(0, nowMs - this.#onSinceMs) / 1_000);
  }

  #store(nowMs: number): Stored {
    this.#stored = Math.floor(this.at(nowMs));
    return { operatingSeconds: this.#stored };
  }
}
