/** Logs when a kept connection stands, and why it does not. */
import { printable } from '../text/printable.ts';
import type { EventKind } from '../log/event-kinds.ts';
import type { Log } from '../log/log.ts';

const LONGEST_CAUSE = 600;

export class KeptLog {
  readonly #connectionUri: string;
  readonly #log: Log;
  #cause: string | undefined;

  constructor(connectionUri: string, log: Log) {
    this.#connectionUri = printable(connectionUri);
    this.#log = log;
  }

  /** What was wrong last; `undefined`: nothing has been wrong since it stood. */
  get cause(): string | undefined {
    return this.#cause;
  }

  /** `durationMs`: since the attempt began. */
  stands(durationMs: number): void {
    this.#cause = undefined;
    const what = `the kept connection to ${this.#connectionUri} stands: its BMCs log in no more`;
    this.#log('info', what, { ...this.#fields('keptConnectionStands'), durationMs: Math.round(durationMs) });
  }

  /** Logs the cause, and not again until it changes. */
  failed(cause: string): void {
    const printed = printable(cause, LONGEST_CAUSE);
    if (this.#cause === printed) return;
    this.#cause = printed;
    const what = `there is no kept connection to ${this.#connectionUri}: ${printed} (each virsh logs in by itself meanwhile)`;
    this.#log('warn', what, this.#fields('keptConnectionLost'));
  }

  #fields(event: EventKind) {
    return { event, connectionUri: this.#connectionUri };
  }
}
