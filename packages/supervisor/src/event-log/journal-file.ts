/** The file of one event log: lines are appended, and the whole is replaced now and then. What cannot be written is told, and tried again. */
import { constants } from 'node:fs';
import { copyFile, mkdir, open, rename, type FileHandle } from 'node:fs/promises';
import { dirname } from 'node:path';
import type { Clock } from '../host/clock.ts';
import { errorCode, errorText } from '../host/error-code.ts';
import { writeInOneStep } from '../host/write-in-one-step.ts';
import type { Log } from '../log/log.ts';
import { inStateDirectory } from '../state-directory/in-state-directory.ts';
import { WriteRetries } from '../state-directory/write-retries.ts';
import { oneAtATime } from '../supervision/one-at-a-time.ts';
import { counted } from '../text/counted.ts';
import { parseJournal, type Journal } from './log-journal.ts';

/** Behind the name of a damaged file. */
export const KEPT = '.unreadable';

/** Larger than any that vbmcd writes: 4,096 entries, and as many lines again that came and went. */
const LARGEST_BYTES = 4 * 1_048_576;
/** A line may be lost with the host, not with vbmcd, for so long: an event is no reason to wait for a disk. */
const SYNC_MS = 2_000;

export interface JournalFileOptions {
  readonly path: string;
  /** Of the BMC whose log it is. */
  readonly bmc: string;
  readonly clock: Clock;
  readonly log: Log;
  /** All that the file should hold. */
  readonly render: () => string;
}

export class JournalFile {
  readonly #options: JournalFileOptions;
  readonly #flushOnce: (call: undefined) => Promise<void>;
  readonly #retries: WriteRetries;
  /** Lines that are not in the file yet. */
  #waiting = '';
  /** Whether the file is to be replaced, because it is missing, torn, too long, or behind. */
  #isToBeReplaced = true;
  #isClosed = false;
  #cancelSync: (() => void) | undefined;

  constructor(options: JournalFileOptions) {
    this.#options = options;
    const { bmc, clock, log } = options;
    this.#retries = new WriteRetries({
      ...{ clock, holds: 'the event log', verb: 'is', log, fields: { bmc } },
      write: () => void this.write(),
    });
    this.#flushOnce = oneAtATime(() => inStateDirectory(dirname(options.path), () => this.#flush()));
  }

  /** `undefined`: there is none, or it could not be understood, which is told. Throws when it cannot be read now. */
  async read(): Promise<Journal | undefined> {
    const { path } = this.#options;
    const found = await inStateDirectory(dirname(path), async () => readBounded(path));
    if (found === undefined) return undefined;
    const journal = found.text === undefined ? undefined : parseJournal(found.text);
    if (journal === undefined || journal.unreadable > 0) await this.#keep(journal);
    else this.#isToBeReplaced = journal.isTorn;
    return journal;
  }

  append(line: string): void {
    if (!this.#isToBeReplaced) this.#waiting += line;
  }

  /** The file is replaced at the next `write`. */
  replace(): void {
    this.#isToBeReplaced = true;
    this.#waiting = '';
  }

  /** Resolves with whether everything so far is in the file, where vbmcd's end leaves it. */
  async write(): Promise<boolean> {
    try {
      await this.#flushOnce(undefined);
      this.#retries.caughtUp();
      return true;
    } catch (error) {
      this.replace();
      this.#retries.fellBehind(errorText(error));
      return false;
    }
  }

  /** Ends the attempts. */
  async close(): Promise<void> {
    this.#isClosed = true;
    this.#retries.close();
    if (this.#cancelSync !== undefined) await this.#sync();
  }

  async #flush(): Promise<void> {
    const { path, render } = this.#options;
    if (this.#isToBeReplaced) {
      await mkdir(dirname(path), { recursive: true, mode: 0o755 });
      this.#isToBeReplaced = false;
      await writeInOneStep(path, render(), { mode: 0o640 });
      return;
    }
    const lines = this.#waiting;
    if (lines === '') return;
    this.#waiting = '';
    try {
      await withFile(path, constants.O_WRONLY | constants.O_APPEND, async (file) => file.writeFile(lines));
    } catch (error) {
      if (errorCode(error) !== 'ENOENT') throw error;
      // Somebody has removed it.
      this.replace();
      await this.#flush();
      return;
    }
    this.#cancelSync ??= this.#options.clock.after(SYNC_MS, () => {
      void this.#sync();
    });
  }

  async #sync(): Promise<void> {
    const { path } = this.#options;
    this.#cancelSync?.();
    this.#cancelSync = undefined;
    const sync = async (): Promise<void> =>
      withFile(path, constants.O_RDONLY, async (file) => file.datasync());
    // What the disk refuses is written again, and told.
    await inStateDirectory(dirname(path), sync).catch(() => {
      this.replace();
      if (!this.#isClosed) void this.write();
    });
  }

  /** Keeps the file for whoever wants to see it. */
  async #keep(journal: Journal | undefined): Promise<void> {
    const { path, bmc, log } = this.#options;
    const kept = `${path}${KEPT}`;
    const unreadable = journal === undefined ? 'all' : counted(journal.unreadable, 'line');
    // What could be read of it is written in its place, so that it is there at every moment.
    const keep = journal === undefined ? rename : copyFile;
    await inStateDirectory(dirname(path), async () => keep(path, kept));
    log('warn', `the event log is damaged: ${unreadable} of it cannot be read (kept as ${kept})`, {
      ...{ bmc, event: 'stateUnreadable' },
    });
  }
}

async function withFile(
  path: string,
  flags: number,
  use: (file: FileHandle) => Promise<void>,
): Promise<void> {
  const file = await open(path, flags);
  try {
    await use(file);
  } finally {
    await file.close();
  }
}

/** `undefined`: there is no such file. Without text: it is larger than any event log. */
async function readBounded(path: string): Promise<{ readonly text: string | undefined } | undefined> {
  let file: FileHandle;
  try {
    // Not blocking: a named pipe has no writer.
    file = await open(path, constants.O_RDONLY | constants.O_NONBLOCK);
  } catch (error) {
    if (errorCode(error) === 'ENOENT') return undefined;
    throw error;
  }
  try {
    const { size } = await file.stat();
    return { text: size > LARGEST_BYTES ? undefined : await file.readFile('utf8') };
  } finally {
    await file.close();
  }
}
