/** Logs when the domain watch of one connection comes up and goes down. */
import { counted } from '../text/counted.ts';
import { printable } from '../text/printable.ts';
import type { EventKind } from '../log/event-kinds.ts';
import type { Log } from '../log/log.ts';

export class WatchLog {
  readonly #connectionUri: string;
  readonly #log: Log;
  #cause: string | undefined;
  #isPartial = false;

  /** What was wrong with the last attempt; `undefined`: nothing has been wrong since the watch was up. */
  get cause(): string | undefined {
    return this.#cause;
  }

  constructor(connectionUri: string, log: Log) {
    this.#connectionUri = printable(connectionUri);
    this.#log = log;
  }

  /** `domains`: how many the watch knows. `durationMs`: since its start. */
  isUp(domains: number, durationMs: number): void {
    this.#cause = undefined;
    this.isWhole();
    this.#log('info', `domain watch of ${this.#connectionUri} is up: ${counted(domains, 'domain')}`, {
      ...this.#fields('domainWatchTrusted'),
      durationMs: Math.round(durationMs),
    });
  }

  /** Logs that domains are asked singly, and not again until `isWhole`. */
  isPartial(cause: string): void {
    if (this.#isPartial) return;
    this.#isPartial = true;
    const consequence = 'it waits for libvirt, and asks for the domains of the BMCs singly meanwhile';
    const what = `domain watch of ${this.#connectionUri}: ${cause} (${consequence})`;
    this.#log('warn', what, this.#fields('domainWatchPartial'));
  }

  /** libvirt lists all domains again. */
  isWhole(): void {
    if (!this.#isPartial) return;
    this.#isPartial = false;
    const what = `domain watch of ${this.#connectionUri}: libvirt lists all domains again`;
    this.#log('info', what, this.#fields('domainWatchWhole'));
  }

  /** Logs the cause, and not again until it changes. */
  isDown(cause: string): void {
    if (this.#cause === cause) return;
    this.#cause = cause;
    const consequence = 'until it is up again every BMC asks virsh itself';
    const what = `domain watch of ${this.#connectionUri} is down: ${cause} (${consequence})`;
    this.#log('warn', what, this.#fields('domainWatchLost'));
  }

  #fields(event: EventKind) {
    return { event, connectionUri: this.#connectionUri };
  }
}
