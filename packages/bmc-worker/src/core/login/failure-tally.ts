import type { SourceFailures } from '../terms/bmc-description.ts';
import { limits } from '../terms/limits.ts';

/** Counts failed logins by source (`sourceOf`) until the supervisor is told, which sees those of all BMCs. */
export class FailureTally {
  #counts = new Map<string, number>();
  #toldAt = -Infinity;

  get isEmpty(): boolean {
    return this.#counts.size === 0;
  }

  /** Sources beyond the bound are left out: they are counted next time, if they go on. */
  add(source: string): void {
    const known = this.#counts.get(source);
    if (known === undefined && this.#counts.size >= limits.failureReportSources) return;
    this.#counts.set(source, (known ?? 0) + 1);
  }

  /** What to tell the supervisor now; undefined when there is nothing, or it was told a moment ago. */
  take(now: number): readonly SourceFailures[] | undefined {
    if (this.isEmpty || now - this.#toldAt < limits.failureReportMs) return undefined;
    const failures = [...this.#counts].map(([source, count]) => ({ source, failures: count }));
    this.#counts = new Map();
    this.#toldAt = now;
    return failures;
  }
}
