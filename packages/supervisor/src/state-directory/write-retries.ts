/** Tells when a file of the state directory cannot be written, and when it can again; until then it is tried again and again. */
import type { Clock } from '../host/clock.ts';
import type { Log, LogFields } from '../log/log.ts';
import { STATE_RETRY_MS } from '../supervision/supervision-times.ts';

export interface WriteRetriesOptions {
  /** What the file holds, with its verb: `the power restore policies`, `are`. */
  readonly holds: string;
  readonly verb: 'is' | 'are';
  readonly clock: Clock;
  readonly log: Log;
  /** Further fields of the lines in the log. */
  readonly fields?: Omit<LogFields, 'event'>;
  /** Writes the file. */
  readonly write: () => void;
}

export class WriteRetries {
  readonly #options: WriteRetriesOptions;
  #isBehind = false;
  #cancelRetry: (() => void) | undefined;
  #isClosed = false;

  constructor(options: WriteRetriesOptions) {
    this.#options = options;
  }

  /** Whether the file differs from what it should hold, which has been told. */
  get isBehind(): boolean {
    return this.#isBehind;
  }

  /** It could not be written. */
  fellBehind(failure: string): void {
    const { clock, fields, holds, log, write } = this.#options;
    if (!this.#isBehind) {
      const retry = `tried again every ${STATE_RETRY_MS / 1000} s`;
      log('warn', `${holds} could not be stored: ${failure} (${retry})`, {
        ...fields,
        event: 'stateNotStored',
      });
    }
    this.#isBehind = true;
    if (this.#isClosed) return;
    this.#cancelRetry ??= clock.after(STATE_RETRY_MS, () => {
      this.#cancelRetry = undefined;
      write();
    });
  }

  /** It holds what it should. */
  caughtUp(): void {
    this.#cancelRetry?.();
    this.#cancelRetry = undefined;
    if (!this.#isBehind) return;
    this.#isBehind = false;
    const { fields, holds, log, verb } = this.#options;
    log('info', `${holds} ${verb} stored again`, { ...fields, event: 'stateStored' });
  }

  /** Ends the attempts. */
  close(): void {
    this.#isClosed = true;
    this.#cancelRetry?.();
  }
}
