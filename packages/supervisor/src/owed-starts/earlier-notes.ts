/** The notes that an earlier vbmcd has left: read at the start, or as soon as the state directory can be used. */
import type { Clock } from '../host/clock.ts';
import { errorText } from '../host/error-code.ts';
import type { Log } from '../log/log.ts';
import { STATE_RETRY_MS } from '../supervision/supervision-times.ts';
import type { OwedStartRecord, OwedStartRecords } from './owed-start-record.ts';

export interface EarlierNotesOptions {
  readonly clock: Clock;
  readonly log: Log;
  readonly read: () => Promise<OwedStartRecords | undefined>;
  /** Called for each note; `isSettled`: it does not count any more. */
  readonly take: (name: string, record: OwedStartRecord, isSettled: boolean) => void;
  /** Called when the notes have been read, and could not be read before. */
  readonly readLate: () => void;
}

export class EarlierNotes {
  readonly #options: EarlierNotesOptions;
  /** BMCs whose note does not count any more. */
  readonly #settled = new Set<string>();
  #reading: Promise<void> | undefined;
  #problem: string | undefined;
  #cancelRetry: (() => void) | undefined;
  #isClosed = false;

  constructor(options: EarlierNotesOptions) {
    this.#options = options;
  }

  /** Why they could not be read; undefined once they have been. */
  get problem(): string | undefined {
    return this.#problem;
  }

  /** Whether there may be one that has not been read. */
  mayOwe(name: string): boolean {
    return this.#problem !== undefined && !this.#settled.has(name);
  }

  /** Something has happened to this BMC's domain: what an earlier vbmcd has noted does not count any more. */
  settle(name: string): void {
    if (this.#problem !== undefined) this.#settled.add(name);
  }

  /** Tries to read them, and again later if they cannot be read. Never rejects. */
  async read(): Promise<void> {
    this.#reading ??= this.#attempt().finally(() => {
      this.#reading = undefined;
    });
    return this.#reading;
  }

  /** Ends the attempts. */
  close(): void {
    this.#isClosed = true;
    this.#cancelRetry?.();
  }

  async #attempt(): Promise<void> {
    const { clock, log, read, readLate, take } = this.#options;
    this.#cancelRetry?.();
    let records: OwedStartRecords;
    try {
      records = (await read()) ?? new Map<string, OwedStartRecord>();
    } catch (error) {
      const failure = errorText(error);
      const what = `the unfinished power cycles cannot be read: ${failure}`;
      if (this.#problem === undefined)
        log('warn', `${what} (tried again every ${STATE_RETRY_MS / 1000} s)`, { event: 'stateUnreadable' });
      this.#problem = failure;
      if (!this.#isClosed) this.#cancelRetry = clock.after(STATE_RETRY_MS, () => void this.read());
      return;
    }
    const isLate = this.#problem !== undefined;
    this.#problem = undefined;
    for (const [name, record] of records) take(name, record, this.#settled.has(name));
    this.#settled.clear();
    if (!isLate) return;
    log('info', 'the unfinished power cycles have been read now', { event: 'stateDirectoryUsable' });
    readLate();
  }
}
