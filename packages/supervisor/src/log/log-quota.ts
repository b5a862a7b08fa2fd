export type Turn = { readonly granted: false } | { readonly granted: true; readonly missed: number };

/**
 * Limits the lines that are logged in a period, so that an unauthenticated sender or a broken worker cannot fill the
 * disk. Lines left out are counted.
 */
export class Quota {
  readonly #perPeriod: number;
  readonly #periodMs: number;
  #periodStartMs = Number.NEGATIVE_INFINITY;
  #taken = 0;
  #missed = 0;

  constructor(perPeriod: number, periodMs: number) {
    this.#perPeriod = perPeriod;
    this.#periodMs = periodMs;
  }

  /** Whether one more line may be logged now; if so, how many were left out since the last one. */
  take(nowMs: number): Turn {
    if (nowMs - this.#periodStartMs >= this.#periodMs) {
      this.#periodStartMs = nowMs;
      this.#taken = 0;
    }
    if (this.#taken >= this.#perPeriod) {
      this.#missed += 1;
      return { granted: false };
    }
    this.#taken += 1;
    const missed = this.#missed;
    this.#missed = 0;
    return { granted: true, missed };
  }

  /** Counts lines that were left out for another reason, to be told with the next turn. */
  miss(lines: number): void {
    this.#missed += lines;
  }
}
