/**
 * How many lines may be logged in a while. What strangers or a broken worker can cause without end
 * must not fill the disk; what was left out is counted.
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

  /** Whether one more may pass now; with it, how many were held back since the last that passed. */
  take(nowMs: number): { readonly granted: false } | { readonly granted: true; readonly missed: number } {
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
}
