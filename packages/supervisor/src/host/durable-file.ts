import { writeInOneStep } from './write-in-one-step.ts';

/** A file that is replaced as a whole. Callers that come while a write is under way share the next one. */
export class DurableFile {
  readonly #path: string;
  readonly #text: () => string;
  #last: Promise<void> = Promise.resolve();
  #next: Promise<void> | undefined;

  /** `text` is called when a write begins. */
  constructor(path: string, text: () => string) {
    this.#path = path;
    this.#text = text;
  }

  /** Resolves when a text that was made after this call is on the disk, whatever happens to the machine. */
  async write(): Promise<void> {
    this.#next ??= this.#last.then(async () => {
      this.#next = undefined;
      await writeInOneStep(this.#path, this.#text(), { mode: 0o644 });
    });
    this.#last = this.#next.catch(() => undefined);
    return this.#next;
  }
}
