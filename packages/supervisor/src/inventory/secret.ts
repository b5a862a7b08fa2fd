/**
 * Text that must never be printed. The field is private to the engine, so neither a template string,
 * JSON, `console.log` nor a logger that walks objects can reach it: only `reveal()` does.
 */
export class Secret {
  readonly #text: string;

  constructor(text: string) {
    this.#text = text;
  }

  /** The text itself; for IPC and files of mode 0600 only. */
  reveal(): string {
    return this.#text;
  }

  toString(): string {
    return '[secret]';
  }

  toJSON(): string {
    return '[secret]';
  }

  /** What `util.inspect` prints; the symbol is global so that this file needs no import. */
  [Symbol.for('nodejs.util.inspect.custom')](): string {
    return '[secret]';
  }
}
