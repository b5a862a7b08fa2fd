/** How much of its virtual processors a domain uses, from what libvirt says at some moments that it has used. Pure. */

/** A shorter time between two moments tells little: libvirt answers some time between question and answer. */
const LEAST_MS = 5_000;
/** What was used longer ago is no reading. */
const MOST_AGE_MS = 90_000;

interface Sample {
  readonly seconds: number;
  readonly atMs: number;
}

export class CpuUsage {
  /** The last two that are far enough from each other. */
  #earlier: Sample | undefined;
  #later: Sample | undefined;

  /** Times by the caller's clock. */
  take(seconds: number, atMs: number): void {
    const sample = { seconds, atMs };
    // The domain has started anew.
    if (this.#later !== undefined && seconds < this.#later.seconds) this.forget();
    if (this.#later !== undefined && atMs - this.#later.atMs < LEAST_MS) return;
    this.#earlier = this.#later;
    this.#later = sample;
  }

  /** The domain has started or stopped. */
  forget(): void {
    this.#earlier = undefined;
    this.#later = undefined;
  }

  /** Of all its virtual processors, in percent; undefined: too little is known. */
  percent(processors: number, nowMs: number): number | undefined {
    const [earlier, later] = [this.#earlier, this.#later];
    if (earlier === undefined || later === undefined || processors < 1) return undefined;
    if (nowMs - later.atMs > MOST_AGE_MS || later.atMs - earlier.atMs > MOST_AGE_MS) return undefined;
    const usedMs = (later.seconds - earlier.seconds) * 1_000;
    // The emulator's own threads count, too, so that it can be more than all processors.
    return Math.min(100, (100 * usedMs) / ((later.atMs - earlier.atMs) * processors));
  }
}
