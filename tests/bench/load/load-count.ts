import { distributionOf } from '../measure/distribution.ts';
import type { LoadResult } from './load-job.ts';

/** Counts what comes of a load, from its first request to its last answer. */
export class LoadCount {
  readonly #durationsMs: number[][];
  readonly #failures: Record<string, number> = {};
  readonly #startedAt = performance.now();
  readonly #processorAtStart = process.cpuUsage();
  #retransmissions = 0;

  constructor(targets: number) {
    this.#durationsMs = Array.from({ length: targets }, () => []);
  }

  completed(target: number, durationMs: number): void {
    this.#durationsMs[target]?.push(durationMs);
  }

  failed(what: string): void {
    this.#failures[what] = (this.#failures[what] ?? 0) + 1;
  }

  retransmitted(count: number): void {
    this.#retransmissions += count;
  }

  /** Ends the measurement. Later work, such as reading the answers, is not measured. */
  stop(): () => LoadResult {
    const seconds = (performance.now() - this.#startedAt) / 1000;
    const { user, system } = process.cpuUsage(this.#processorAtStart);
    return () => {
      const all = this.#durationsMs.flat();
      return {
        completed: all.length,
        seconds,
        durationMs: distributionOf(all),
        durationMsByTarget: this.#durationsMs.length > 1 ? this.#durationsMs.map(distributionOf) : [],
        failures: this.#failures,
        retransmissions: this.#retransmissions,
        clientProcessorSeconds: (user + system) / 1e6,
        rehearsed: 0,
      };
    };
  }
}
