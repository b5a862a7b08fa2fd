/** The log in a file that does not grow without end. No line waits for the disk, and no disk holds up vbmcd. */
import {
  close,
  closeSync,
  constants,
  copyFile,
  fstatSync,
  ftruncate,
  openSync,
  rm,
  write,
  writeSync,
} from 'node:fs';
import { promisify } from 'node:util';
import { Refusal } from '../host/operator-error.ts';
import type { LineStream } from './standard-error.ts';

/** The earlier lines move to FILE.1 then, so that twice as much is kept at most. */
export const LOG_FILE_BYTES = 8 * 1024 * 1024;

/** A disk that has not taken the lines for so long is not waited for at the end. */
const PATIENCE_MS = 1_000;

/** Not blocking: nobody may read a FIFO. No symbolic link: as root, vbmcd writes in a directory of another user. */
const FLAGS =
  constants.O_RDWR | constants.O_APPEND | constants.O_CREAT | constants.O_NONBLOCK | constants.O_NOFOLLOW;

const [closeFile, copy, truncate, remove] = [
  promisify(close),
  promisify(copyFile),
  promisify(ftruncate),
  promisify(rm),
];

/** Opens the file for reading and for lines at its end. Throws a `Refusal` or Node's error. */
export function openLogFile(path: string): number {
  const file = openSync(path, FLAGS, 0o600);
  if (fstatSync(file).isFile()) return file;
  closeSync(file);
  throw new Refusal(`the log ${path} is not a file`, { remedy: 'remove it, or choose another --log-file' });
}

type Written = (error?: Error | null) => void;

interface Batch {
  readonly bytes: Buffer;
  readonly since: number;
  /** The size of the file when the kernel has these bytes; `undefined` while room is made for them. */
  sizeAfter?: number;
}

export class LogFile implements LineStream {
  readonly #path: string;
  readonly #limit: number;
  readonly #file: number;
  #size: number;
  #waiting: { readonly line: string; readonly written: Written }[] = [];
  #waitingLength = 0;
  /** Lines on their way to the disk. */
  #batch: Batch | undefined;

  /** Throws a `Refusal` or Node's error. */
  constructor(path: string, limit = LOG_FILE_BYTES) {
    this.#path = path;
    this.#limit = limit;
    this.#file = openLogFile(path);
    this.#size = fstatSync(this.#file).size;
    process.on('exit', this.#writeRest);
  }

  /** In characters. */
  get writableLength(): number {
    return this.#waitingLength;
  }

  /** It emits no event: the callback of each line has its error. */
  on(): this {
    return this;
  }

  write(line: string, written: Written = () => undefined): boolean {
    this.#waiting.push({ line, written });
    this.#waitingLength += line.length;
    this.#writeNext();
    return true;
  }

  /** For tests: what is waiting is written, and no more can be. */
  async close(): Promise<void> {
    process.off('exit', this.#writeRest);
    this.#writeRest();
    await closeFile(this.#file);
  }

  #writeNext(): void {
    if (this.#batch !== undefined || this.#waiting.length === 0) return;
    const lines = this.#waiting;
    this.#waiting = [];
    const bytes = Buffer.from(lines.map(({ line }) => line).join(''));
    const batch: Batch = { bytes, since: performance.now() };
    this.#batch = batch;
    const send = (): void => {
      this.#size += bytes.length;
      batch.sizeAfter = this.#size;
      write(this.#file, bytes, (error) => {
        this.#batch = undefined;
        this.#waitingLength -= lines.reduce((length, { line }) => length + line.length, 0);
        for (const { written } of lines) written(error);
        this.#writeNext();
      });
    };
    if (this.#size + bytes.length <= this.#limit) send();
    else void this.#makeRoom().then(send);
  }

  /**
   * Copies and cuts the file rather than renames it: standard error of this process is the same file, and stays the one that a
   * reader follows. Of a copy that fails nothing is kept, because the limit holds for a full disk too.
   */
  async #makeRoom(): Promise<void> {
    const earlier = `${this.#path}.1`;
    await remove(earlier, { force: true })
      .then(() => copy(this.#path, earlier, constants.COPYFILE_EXCL))
      .catch(() => remove(earlier, { force: true }))
      .catch(() => undefined);
    await truncate(this.#file, 0).catch(() => undefined);
    this.#size = 0;
  }

  /** The last lines of a process that ends. Node does not wait for a write that is under way: it may be carried out twice. */
  readonly #writeRest = (): void => {
    const batch = this.#batch;
    if (batch !== undefined && performance.now() - batch.since > PATIENCE_MS) return;
    const waiting = this.#waiting.map(({ line }) => line).join('');
    this.#waiting = [];
    try {
      const isSent = batch?.sizeAfter !== undefined && fstatSync(this.#file).size >= batch.sizeAfter;
      if (batch !== undefined && !isSent) writeSync(this.#file, batch.bytes);
      if (waiting !== '') writeSync(this.#file, waiting);
    } catch {
      // There is no place to tell of it.
    }
  };
}
