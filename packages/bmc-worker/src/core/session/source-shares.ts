/** Who holds how much of one table: entries by source, in order of age. All operations take constant time. */
export class SourceShares<Entry> {
  readonly #entries = new Map<string, Set<Entry>>();
  /** At index n: the sources with n entries, in the order in which they came to have so many. */
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

  /** The oldest entry of the source that has the most; of several such, of the one that has had them longest. */
  oldestOfGreediest(): Entry | undefined {
    const [greediest] = this.#sourcesBySize[this.#largest] ?? [];
    return greediest === undefined ? undefined : this.oldestOf(greediest);
  }

  #moveSource(source: string, from: number, to: number): void {
    this.#sourcesBySize[from]?.delete(source);
    if (to > 0) (this.#sourcesBySize[to] ??= new Set()).add(source);
    if (to > this.#largest) this.#largest = to;
    // By one at most: a source has one entry more or less than before.
    else if (from === this.#largest && this.#sourcesBySize[from]?.size === 0) this.#largest -= 1;
  }
}
