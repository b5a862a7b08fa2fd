/** Lines on standard error, or in a file. A disk that is full or a reader that has gone costs lines, and not the process. */

/** Kept for a reader that is slow. One that reads nothing at all must not fill the memory. */
const MAXIMUM_BACKLOG_BYTES = 1_048_576;

/** The part of Node's writable streams that is needed. */
export interface LineStream {
  readonly writableLength: number;
  on(event: 'error', listener: (error: Error) => void): unknown;
  write(line: string, written: (error?: Error | null) => void): boolean;
}

export interface StandardErrorListener {
  /** A line could not be written, and the one before could. */
  readonly failed: () => void;
  /** Lines can be written again; so many were dropped. */
  readonly recovered: (missed: number) => void;
}

export class StandardError {
  readonly #stream: LineStream;
  readonly #listener: StandardErrorListener;
  #dropped = 0;
  #missed = 0;

  constructor(stream: LineStream, listener: StandardErrorListener) {
    this.#stream = stream;
    this.#listener = listener;
    // The callback of each write has the error. Node keeps standard error usable after it, so the next line is tried.
    stream.on('error', () => undefined);
  }

  /** How many lines were dropped since the start. */
  get dropped(): number {
    return this.#dropped;
  }

  /** `line` with its line break. */
  write(line: string): void {
    if (this.#stream.writableLength > MAXIMUM_BACKLOG_BYTES) {
      this.#drop();
      return;
    }
    this.#stream.write(line, (error) => {
      // Node's types leave out the null.
      if (error instanceof Error) this.#drop();
      else if (this.#missed > 0 && this.#stream.writableLength === 0) this.#tell();
    });
  }

  #drop(): void {
    this.#dropped += 1;
    this.#missed += 1;
    if (this.#missed === 1) this.#listener.failed();
  }

  #tell(): void {
    const missed = this.#missed;
    this.#missed = 0;
    this.#listener.recovered(missed);
  }
}
