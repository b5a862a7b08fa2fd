/** BMCs that owe nothing any more, and whose note may still be on disk. Pure. */
export class RemainingNotes {
  /** Numbered, as a BMC can come back while a write is under way. */
  readonly #names = new Map<string, number>();
  #last = 0;

  has(name: string): boolean {
    return this.#names.has(name);
  }

  add(name: string): void {
    this.#last += 1;
    this.#names.set(name, this.#last);
  }

  /** A write begins. The function returned is to be called when it has succeeded. */
  beginWrite(): () => void {
    const before = [...this.#names];
    return () => {
      for (const [name, number] of before) if (this.#names.get(name) === number) this.#names.delete(name);
    };
  }
}
