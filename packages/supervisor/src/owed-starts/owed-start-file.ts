/** The file of the starts that are owed: what could not be written is tried again until it is on the disk. */
import { join } from 'node:path';
import type { Clock } from '../host/clock.ts';
import { errorText } from '../host/error-code.ts';
import type { Log } from '../log/log.ts';
import { StateFile } from '../state-directory/state-file.ts';
import { stateFiles } from '../state-directory/state-files.ts';
import { STATE_RETRY_MS } from '../supervision/supervision-times.ts';
import { parseOwedStarts, renderOwedStarts, type OwedStartRecords } from './owed-start-record.ts';

export interface OwedStartFileOptions {
  readonly stateDirectory: string;
  readonly clock: Clock;
  readonly log: Log;
  /** What is owed now. */
  readonly records: () => OwedStartRecords;
}

export class OwedStartFile {
  readonly #options: OwedStartFileOptions;
  readonly #file: StateFile<OwedStartRecords>;
  /** Whether the file differs from what is owed, which has been told. */
  #isBehind = false;
  #cancelRetry: (() => void) | undefined;
  #isClosed = false;

  constructor(options: OwedStartFileOptions) {
    const { stateDirectory, log, records } = options;
    this.#options = options;
    this.#file = new StateFile({
      path: join(stateDirectory, stateFiles.owedStarts.name),
      holds: 'the unfinished power cycles',
      log,
      render: () => renderOwedStarts(records()),
      isEmpty: () => records().size === 0,
      parse: parseOwedStarts,
    });
  }

  async read(): Promise<OwedStartRecords | undefined> {
    return this.#file.read();
  }

  /** Resolves when all records are on the disk, or with the reason why they are not. */
  async write(): Promise<string | undefined> {
    const failure = await this.#attempt();
    if (failure === undefined) this.#caughtUp();
    else this.#fellBehind(failure);
    return failure;
  }

  /** Whether the next vbmcd would read something else than what is owed. */
  get isBehind(): boolean {
    return this.#isBehind;
  }

  /** Ends the attempts. */
  close(): void {
    this.#isClosed = true;
    this.#cancelRetry?.();
  }

  async #attempt(): Promise<string | undefined> {
    try {
      await this.#file.write();
      return undefined;
    } catch (error) {
      return errorText(error);
    }
  }

  #fellBehind(failure: string): void {
    const { clock, log } = this.#options;
    if (!this.#isBehind) {
      const what = `the unfinished power cycles could not be stored: ${failure}`;
      log('warn', `${what} (tried again every ${STATE_RETRY_MS / 1000} s)`, { event: 'stateNotStored' });
    }
    this.#isBehind = true;
    if (this.#isClosed) return;
    this.#cancelRetry ??= clock.after(STATE_RETRY_MS, () => {
      this.#cancelRetry = undefined;
      void this.write();
    });
  }

  #caughtUp(): void {
    this.#cancelRetry?.();
    this.#cancelRetry = undefined;
    if (!this.#isBehind) return;
    this.#isBehind = false;
    this.#options.log('info', 'the unfinished power cycles are stored again', { event: 'stateStored' });
  }
}
