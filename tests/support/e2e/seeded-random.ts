/** A sequence of numbers that is the same for the same seed (xorshift32): a failure can be run again. */
export class SeededRandom {
  #state: number;

  constructor(seed: number) {
    // Zero would stay zero.
    this.#state = seed >>> 0 || 1;
  }

  /** A whole number from 0 to `limit` - 1. */
  below(limit: number): number {
    this.#state ^= this.#state << 13;
    this.#state ^= this.#state >>> 17;
    this.#state ^= this.#state << 5;
    return (this.#state >>> 0) % limit;
  }

  bytes(length: number): Uint8Array {
    return Uint8Array.from({ length }, () => this.below(256));
  }
}
