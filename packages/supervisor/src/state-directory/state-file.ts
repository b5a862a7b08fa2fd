import { constants } from 'node:fs';
import { mkdir, readFile, rename, rm } from 'node:fs/promises';
import { dirname } from 'node:path';
import type { Clock } from '../host/clock.ts';
import { errorCode, errorText } from '../host/error-code.ts';
import { syncDirectory, writeInOneStep } from '../host/write-in-one-step.ts';
import { inStateDirectory } from './in-state-directory.ts';
import type { Log } from '../log/log.ts';
import { oneAtATime } from '../supervision/one-at-a-time.ts';
import { WriteRetries } from './write-retries.ts';

export interface StateFileOptions<T> {
  readonly path: string;
  /** What it holds, in the plural, for the log: `the power restore policies`. */
  readonly holds: string;
  /** Of the file; 0644 if absent. */
  readonly mode?: number;
  readonly clock: Clock;
  readonly log: Log;
  /** Called when a write begins. */
  readonly render: () => string;
  /** Whether a missing file says the same: then one that cannot be written is removed. A full disk lets it be. */
  readonly isEmpty?: () => boolean;
  /** `undefined`: the text is none that `render` makes. */
  readonly parse: (text: string) => T | undefined;
}

/** A file in the state directory, which is replaced as a whole. What could not be written is told, and tried again until it is. */
export class StateFile<T> {
  readonly #options: StateFileOptions<T>;
  readonly #replaceOnce: (call: undefined) => Promise<void>;
  readonly #retries: WriteRetries;

  constructor(options: StateFileOptions<T>) {
    this.#options = options;
    const { clock, holds, log } = options;
    this.#retries = new WriteRetries({ clock, holds, verb: 'are', log, write: () => void this.write() });
    this.#replaceOnce = oneAtATime(() => inStateDirectory(dirname(options.path), () => this.#replace()));
  }

  /**
   * `undefined`: there is no such file, or it could not be understood, and has been moved aside. A directory that is missing
   * is created first: what cannot be, may be a mount that is not there yet, with the file. Throws a `Refusal` while the file system
   * does not answer.
   */
  async read(): Promise<T | undefined> {
    return inStateDirectory(dirname(this.#options.path), () => this.#read());
  }

  /**
   * Resolves when a text that was rendered after this call is on the disk, whatever happens to the machine, or with the reason why it
   * is not.
   */
  async write(): Promise<string | undefined> {
    const failure = await this.#replaceOnce(undefined).then(() => undefined, errorText);
    if (failure === undefined) this.#retries.caughtUp();
    else this.#retries.fellBehind(failure);
    return failure;
  }

  /** Whether the next vbmcd would read something else than what the file should hold. */
  get isBehind(): boolean {
    return this.#retries.isBehind;
  }

  /** Ends the attempts. */
  close(): void {
    this.#retries.close();
  }

  async #read(): Promise<T | undefined> {
    const { path, holds, log, parse } = this.#options;
    await mkdir(dirname(path), { recursive: true, mode: 0o755 });
    let text: string;
    try {
      // Not blocking: a named pipe has no writer. It reads as an empty file.
      text = await readFile(path, { encoding: 'utf8', flag: constants.O_RDONLY | constants.O_NONBLOCK });
    } catch (error) {
      if (errorCode(error) === 'ENOENT') return undefined;
      throw error;
    }
    const found = parse(text);
    if (found !== undefined) return found;
    const aside = `${path}.unreadable`;
    await rename(path, aside);
    log('warn', `${holds} cannot be read: moved to ${aside}`, { event: 'stateUnreadable' });
    return undefined;
  }

  async #replace(): Promise<void> {
    const { path, render, isEmpty, mode = 0o644 } = this.#options;
    await mkdir(dirname(path), { recursive: true, mode: 0o755 });
    try {
      await writeInOneStep(path, render(), { mode });
    } catch (error) {
      if (isEmpty?.() !== true || !(await isRemoved(path))) throw error;
    }
  }
}

/** Resolves with whether there is no such file any more, whatever happens to the machine. */
async function isRemoved(path: string): Promise<boolean> {
  try {
    await rm(path, { force: true });
    await syncDirectory(dirname(path));
    return true;
  } catch {
    return false;
  }
}
