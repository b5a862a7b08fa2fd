/** Keeps the last `capacity` items of an endless series. */
export class Recent<T> {
  readonly #capacity: number;
  #items: T[] = [];

  constructor(capacity: number) {
    this.#capacity = capacity;
  }

  add(item: T): void {
    this.#items.push(item);
    if (this.#items.length > this.#capacity) this.#items.shift();
  }

  /** Oldest first; a copy. */
  list(): readonly T[] {
    return [...this.#items];
  }
}
