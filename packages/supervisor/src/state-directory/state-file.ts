import { constants } from 'node:fs';
import { mkdir, readFile, rename, rm } from 'node:fs/promises';
import { dirname } from 'node:path';
import { errorCode } from '../host/error-code.ts';
import { syncDirectory, writeInOneStep } from '../host/write-in-one-step.ts';
import { inStateDirectory } from './in-state-directory.ts';
import type { Log } from '../log/log.ts';
import { oneAtATime } from '../supervision/one-at-a-time.ts';

export interface StateFileOptions<T> {
  readonly path: string;
  /** What it holds, for the log: `the stored power restore policies`. */
  readonly holds: string;
  readonly log: Log;
  /** Called when a write begins. */
  readonly render: () => string;
  /** Whether a missing file says the same: then one that cannot be written is removed. A full disk lets it be. */
  readonly isEmpty?: () => boolean;
  /** `undefined`: the text is none that `render` makes. */
  readonly parse: (text: string) => T | undefined;
}

/**
 * A file in the state directory, which is replaced as a whole. Throws a `Refusal` while the file system does not answer.
 */
export class StateFile<T> {
  readonly #options: StateFileOptions<T>;
  readonly #write: (call: undefined) => Promise<void>;

  constructor(options: StateFileOptions<T>) {
    this.#options = options;
    this.#write = oneAtATime(() => inStateDirectory(dirname(options.path), () => this.#replace()));
  }

  /**
   * `undefined`: there is no such file, or it could not be understood, and has been moved aside. A directory that is missing
   * is created first: what cannot be, may be a mount that is not there yet, with the file.
   */
  async read(): Promise<T | undefined> {
    return inStateDirectory(dirname(this.#options.path), () => this.#read());
  }

  /** Resolves when a text that was rendered after this call is on the disk, whatever happens to the machine. */
  async write(): Promise<void> {
    return this.#write(undefined);
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
    const { path, render, isEmpty } = this.#options;
    await mkdir(dirname(path), { recursive: true, mode: 0o755 });
    try {
      await writeInOneStep(path, render(), { mode: 0o644 });
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
