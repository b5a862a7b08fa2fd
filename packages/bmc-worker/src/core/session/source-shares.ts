/** Counts how many entries of a table each source holds, oldest first. All operations take constant time. */
export class SourceShares<Entry> {
  readonly #entries = new Map<string, Set<Entry>>();
  /** At index n: the sources with n entries, in the order in which they reached that number. */
  readonly #sourcesBySize: Set<string>[] = [];
  #size = 0;
  #largest = 0;

  get size(): number {
    return this.#size;
  }

  countOf(source: string): number {
    return this.#entries.get(source)?.size ?? 0;
  }

  /** Of all sources, each source's oldest first. */
  *all(): Iterable<Entry> {
    for (const entries of this.#entries.values()) yield* entries;
  }

  of(source: string): ReadonlySet<Entry> {
    return this.#entries.get(source) ?? new Set();
  }

  add(source: string, entry: Entry): void {
    const entries = this.#entries.get(source) ?? new Set();
    entries.add(entry);
    this.#entries.set(source, entries);
    this.#size += 1;
    this.#moveSource(source, entries.size - 1, entries.size);
  }

  delete(source: string, entry: Entry): void {
    const entries = this.#entries.get(source);
    if (entries?.delete(entry) !== true) return;
    if (entries.size === 0) this.#entries.delete(source);
    this.#size -= 1;
    this.#moveSource(source, entries.size + 1, entries.size);
  }

  /** The sources with the most entries, in the order in which they reached that number. */
  largest(): ReadonlySet<string> {
    return this.#sourcesBySize[this.#largest] ?? new Set();
  }

  #moveSource(source: string, from: number, to: number): void {
    this.#sourcesBySize[from]?.delete(source);
    if (to > 0) (this.#sourcesBySize[to] ??= new Set()).add(source);
    if (to > this.#largest) this.#largest = to;
    // Down by one at most, because a source gains or loses one entry at a time.
    else if (from === this.#largest && this.#sourcesBySize[from]?.size === 0) this.#largest -= 1;
  }
}
