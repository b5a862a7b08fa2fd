/** Tells every worker which sources guess passwords at several BMCs. */
import type { SourceFailures } from '@vbmc/bmc-worker/ipc';
import type { Clock } from '../host/clock.ts';
import type { Log } from '../log/log.ts';
import { printable } from '../text/printable.ts';
import { GUESSING_LOOK_INTERVAL_MS } from '../supervision/supervision-times.ts';
import { GuessCount } from './guess-count.ts';

type Listener = (sources: readonly string[]) => void;

export class GuessingSources {
  readonly #clock: Pick<Clock, 'now' | 'after'>;
  readonly #log: Log;
  readonly #count = new GuessCount();
  readonly #listeners = new Set<Listener>();
  #told: readonly string[] = [];
  #looks = false;

  constructor(clock: Pick<Clock, 'now' | 'after'>, log: Log) {
    this.#clock = clock;
    this.#log = log;
  }

  /** Takes what the worker of a BMC reports. */
  note(bmc: string, failures: readonly SourceFailures[]): void {
    this.#count.note(bmc, failures, this.#clock.now());
    this.#look();
  }

  /** The BMC has been removed. */
  forget(bmc: string): void {
    this.#count.forget(bmc);
  }

  /** Calls `listener` with the present sources if there are any, and after each change, until the returned function is called. */
  subscribe(listener: Listener): () => void {
    this.#listeners.add(listener);
    if (this.#told.length > 0) listener(this.#told);
    return () => {
      this.#listeners.delete(listener);
    };
  }

  /** Soon, and from then on until nothing is counted any more: reports of many workers come at the same time. */
  #look(): void {
    if (this.#looks) return;
    this.#looks = true;
    this.#clock.after(GUESSING_LOOK_INTERVAL_MS, () => {
      this.#looks = false;
      this.#tell();
      if (this.#count.size > 0) this.#look();
    });
  }

  #tell(): void {
    const guessing = this.#count.guessing(this.#clock.now());
    const sources = [...guessing.keys()].sort();
    if (sources.join(' ') === this.#told.join(' ')) return;
    for (const source of sources.filter((one) => !this.#told.includes(one))) {
      const bmcs = guessing.get(source) ?? 0;
      const message = `${printable(source)} guesses passwords: logins from there failed at ${bmcs} BMCs; each further failure locks its user name out at once`;
      this.#log('warn', message, { event: 'guessingSeen', source: printable(source), bmcs });
    }
    this.#told = sources;
    for (const listener of this.#listeners) listener(sources);
  }
}
