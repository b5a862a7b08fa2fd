/** Tells on standard error how far a long work has come: on a terminal in one line that changes. */

/** What takes less needs no word. */
const SILENT_MS = 1_000;
/** Where lines stay, they come seldom. */
const LINE_INTERVAL_MS = 5_000;
/** Carriage return, and clear to the end of the line. */
const REWRITE = '\r\u001b[K';

export interface ProgressSurroundings {
  readonly write: (text: string) => void;
  readonly isTerminal: boolean;
  readonly now: () => number;
}

export class Progress {
  readonly #what: string;
  readonly #total: number;
  readonly #surroundings: ProgressSurroundings;
  #done = 0;
  #nextMs: number;
  #shown = false;

  constructor(what: string, total: number, surroundings: ProgressSurroundings) {
    this.#what = what;
    this.#total = total;
    this.#surroundings = surroundings;
    this.#nextMs = surroundings.now() + SILENT_MS;
  }

  step(): void {
    this.#done += 1;
    const { write, isTerminal, now } = this.#surroundings;
    if (now() < this.#nextMs) return;
    const text = `vbmc: ${this.#what}: ${this.#done} of ${this.#total}`;
    write(isTerminal ? `${REWRITE}${text}` : `${text}\n`);
    this.#shown = true;
    if (!isTerminal) this.#nextMs = now() + LINE_INTERVAL_MS;
  }

  /** Leaves a clean line for what comes next. */
  end(): void {
    if (this.#shown && this.#surroundings.isTerminal) this.#surroundings.write(REWRITE);
  }
}
