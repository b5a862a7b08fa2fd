/**
 * Counts the failed logins of each source over all BMCs, so that guessing a password that BMCs share is seen although each BMC
 * sees little of it. Pure.
 *
 * A worker may lie. So each BMC counts for a bounded share of what makes a source guess, and holds a bounded share of the
 * table; and what follows for a source is that its failures weigh more, which touches no user who does not fail.
 */
import type { SourceFailures } from '@vbmc/bmc-worker/ipc';

export const guessCountLimits = {
  /** As much as one BMC counts for a source. */
  perBmc: 10,
  /** From this sum on a source guesses: three BMCs at least agree. */
  guessing: 30,
  /** Failures are forgotten this long after the last one at the same BMC. */
  keptMs: 600_000,
  sources: 1_024,
  /** Sources that one BMC may be counted for. */
  sourcesPerBmc: 64,
  /** BMCs that are counted for one source. */
  bmcsPerSource: 64,
  /** Sources that workers are told of. */
  told: 64,
} as const;

interface Share {
  failures: number;
  lastAtMs: number;
}

export class GuessCount {
  /** By source, then by BMC. */
  readonly #sources = new Map<string, Map<string, Share>>();
  /** The sources that each BMC is counted for, the oldest first. */
  readonly #byBmc = new Map<string, Set<string>>();

  get size(): number {
    return this.#sources.size;
  }

  note(bmc: string, reports: readonly SourceFailures[], nowMs: number): void {
    for (const { source, failures } of reports) {
      if (failures === 0) continue;
      const share = this.#shareOf(source, bmc);
      if (share === undefined) continue;
      share.failures = Math.min(guessCountLimits.perBmc, share.failures + failures);
      share.lastAtMs = nowMs;
    }
  }

  /** The BMC has been removed. */
  forget(bmc: string): void {
    for (const source of [...(this.#byBmc.get(bmc) ?? [])]) this.#drop(source, bmc);
  }

  /** The sources that guess, and at how many BMCs each was counted, the most first. Forgets what is old. */
  guessing(nowMs: number): ReadonlyMap<string, number> {
    const found: [source: string, bmcs: number][] = [];
    for (const [source, shares] of [...this.#sources]) {
      for (const [bmc, { lastAtMs }] of [...shares])
        if (nowMs - lastAtMs > guessCountLimits.keptMs) this.#drop(source, bmc);
      if (sumOf(shares) >= guessCountLimits.guessing) found.push([source, shares.size]);
    }
    return new Map(found.sort(([, one], [, other]) => other - one).slice(0, guessCountLimits.told));
  }

  #shareOf(source: string, bmc: string): Share | undefined {
    const known = this.#sources.get(source)?.get(bmc);
    if (known !== undefined) return known;
    const ofBmc = this.#byBmc.get(bmc) ?? new Set<string>();
    const [oldest] = ofBmc;
    if (ofBmc.size >= guessCountLimits.sourcesPerBmc && oldest !== undefined) this.#drop(oldest, bmc);
    if (!this.#sources.has(source) && this.#sources.size >= guessCountLimits.sources) this.#dropLeast();
    const shares = this.#sources.get(source) ?? new Map<string, Share>();
    if (shares.size >= guessCountLimits.bmcsPerSource) return undefined;
    const share: Share = { failures: 0, lastAtMs: 0 };
    this.#sources.set(source, shares.set(bmc, share));
    this.#byBmc.set(bmc, ofBmc.add(source));
    return share;
  }

  #drop(source: string, bmc: string): void {
    const shares = this.#sources.get(source);
    shares?.delete(bmc);
    if (shares?.size === 0) this.#sources.delete(source);
    const ofBmc = this.#byBmc.get(bmc);
    ofBmc?.delete(source);
    if (ofBmc?.size === 0) this.#byBmc.delete(bmc);
  }

  /** Makes room: the source with the smallest sum goes, which no single BMC can make large. */
  #dropLeast(): void {
    let least: { readonly source: string; readonly sum: number } | undefined;
    for (const [source, shares] of this.#sources) {
      const sum = sumOf(shares);
      if (least === undefined || sum < least.sum) least = { source, sum };
    }
    if (least === undefined) return;
    for (const bmc of [...(this.#sources.get(least.source)?.keys() ?? [])]) this.#drop(least.source, bmc);
  }
}

function sumOf(shares: ReadonlyMap<string, Share>): number {
  let sum = 0;
  for (const { failures } of shares.values()) sum += failures;
  return sum;
}
