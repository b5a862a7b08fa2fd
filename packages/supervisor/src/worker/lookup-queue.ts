/**
 * Looks names up, a few at a time: a lookup cannot be cancelled, and one that hangs keeps its place. Names whose last lookup was too
 * slow get fewer places, so that the others do not wait for them.
 */
import type { Clock } from '../host/clock.ts';
import { lookUp, type LookupResult } from '../host/name-lookup.ts';
import type { ResolveName } from '../host/resolve-name.ts';
import { LOOKUP_LIMIT_MS, MOST_LOOKUPS, MOST_SLOW_LOOKUPS } from '../supervision/supervision-times.ts';

export interface Lookup {
  readonly name: string;
  /** It takes longer than `LOOKUP_LIMIT_MS`, and goes on. */
  readonly late: () => void;
  readonly ended: (result: LookupResult) => void;
}

export class LookupQueue {
  readonly #clock: Clock;
  readonly #resolve: ResolveName;
  #waiting: readonly Lookup[] = [];
  readonly #running = new Set<string>();
  /** Names whose present or last lookup is too slow. */
  readonly #slow = new Set<string>();

  constructor(clock: Clock, resolve: ResolveName) {
    this.#clock = clock;
    this.#resolve = resolve;
  }

  /** One at a time for each name. */
  add(lookup: Lookup): void {
    this.#waiting = [...this.#waiting, lookup];
    this.#startNext();
  }

  #startNext(): void {
    while (this.#running.size < MOST_LOOKUPS) {
      const slowOnes = [...this.#running].filter((name) => this.#slow.has(name)).length;
      const next =
        this.#waiting.find(({ name }) => !this.#slow.has(name)) ??
        (slowOnes < MOST_SLOW_LOOKUPS ? this.#waiting[0] : undefined);
      if (next === undefined) return;
      this.#waiting = this.#waiting.filter((one) => one !== next);
      void this.#run(next);
    }
  }

  async #run({ name, late, ended }: Lookup): Promise<void> {
    this.#running.add(name);
    const beganAtMs = this.#clock.now();
    const cancel = this.#clock.after(LOOKUP_LIMIT_MS, () => {
      this.#slow.add(name);
      late();
    });
    const result = await lookUp(name, this.#resolve);
    cancel();
    if (this.#clock.now() - beganAtMs < LOOKUP_LIMIT_MS) this.#slow.delete(name);
    this.#running.delete(name);
    ended(result);
    this.#startNext();
  }
}
