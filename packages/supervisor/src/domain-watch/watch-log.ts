/** Logs when the domain watch of one connection comes up and goes down. */
import { printable } from '../text/printable.ts';
import type { Log } from '../log/log.ts';

export class WatchLog {
  readonly #connectionUri: string;
  readonly #log: Log;
  #cause: string | undefined;

  constructor(connectionUri: string, log: Log) {
    this.#connectionUri = printable(connectionUri);
    this.#log = log;
  }

  /** `domains`: how many the watch knows. `durationMs`: since its start. */
  isUp(domains: number, durationMs: number): void {
    this.#cause = undefined;
    this.#log('info', `domain watch of ${this.#connectionUri} is up: ${domains} domains`, {
      ...this.#fields('domainWatchTrusted'),
      durationMs: Math.round(durationMs),
    });
  }

  /** Logs the cause, and not again until it changes. */
  isDown(cause: string): void {
    if (this.#cause === cause) return;
    this.#cause = cause;
    const consequence = 'until it is up again every BMC asks virsh itself';
    const what = `domain watch of ${this.#connectionUri} is down: ${cause} (${consequence})`;
    this.#log('warn', what, this.#fields('domainWatchLost'));
  }

  #fields(event: string) {
    return { event, connectionUri: this.#connectionUri };
  }
}
