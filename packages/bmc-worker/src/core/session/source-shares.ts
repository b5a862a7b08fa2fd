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

  of(source: string): Iterable<Entry> {
    return this.#entries.get(source) ?? [];
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

  oldestOf(source: string): Entry | undefined {
    return this.#entries.get(source)?.values().next().value;
  }

  /**
   * The oldest entry of the source with the most entries; among equals, of the source that reached that number first.
   */
  oldestOfLargest(): Entry | undefined {
    const [source] = this.#sourcesBySize[this.#largest] ?? [];
    return source === undefined ? undefined : this.oldestOf(source);
  }

  #moveSource(source: string, from: number, to: number): void {
    this.#sourcesBySize[from]?.delete(source);
    if (to > 0) (this.#sourcesBySize[to] ??= new Set()).add(source);
    if (to > this.#largest) this.#largest = to;
    // Down by one at most, because a source gains or loses one entry at a time.
    else if (from === this.#largest && this.#sourcesBySize[from]?.size === 0) this.#largest -= 1;
  }
}
