/** Prints the progress of a long task: on a terminal in one line that changes, elsewhere in a few lines. */

/** A shorter task prints nothing. */
const SILENT_MS = 1_000;
/** Between two lines that are not on a terminal. */
const LINE_INTERVAL_MS = 5_000;
/** Carriage return, then clear to the end of the line. */
const REWRITE = '\r\u001b[K';

export interface ProgressDependencies {
  readonly write: (text: string) => void;
  readonly isTerminal: boolean;
  readonly now: () => number;
}

export class Progress {
  readonly #task: string;
  readonly #total: number;
  readonly #dependencies: ProgressDependencies;
  #done = 0;
  #nextMs: number;
  #shown = false;

  constructor(task: string, total: number, dependencies: ProgressDependencies) {
    this.#task = task;
    this.#total = total;
    this.#dependencies = dependencies;
    this.#nextMs = dependencies.now() + SILENT_MS;
  }

  step(): void {
    this.#done += 1;
    const { write, isTerminal, now } = this.#dependencies;
    if (now() < this.#nextMs) return;
    const text = `vbmc: ${this.#task}: ${this.#done} of ${this.#total}`;
    write(isTerminal ? `${REWRITE}${text}` : `${text}\n`);
    this.#shown = true;
    if (!isTerminal) this.#nextMs = now() + LINE_INTERVAL_MS;
  }

  /** Clears the line for the next output. */
  end(): void {
    if (this.#shown && this.#dependencies.isTerminal) this.#dependencies.write(REWRITE);
  }
}
