/** Numbers that look random and are the same for the same seed (mulberry32), so that a failure can be run again. */
export class SeededRandom {
  #state: number;

  constructor(seed: number) {
    this.#state = seed >>> 0;
  }

  /** 32 bits. */
  next(): number {
    this.#state = (this.#state + 0x6d2b79f5) >>> 0;
    const state = this.#state;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return (mixed ^ (mixed >>> 14)) >>> 0;
  }

  /** A whole number from 0 to `limit` - 1. */
  below(limit: number): number {
    return this.next() % limit;
  }

  /** A view into a larger block, as Node's pooled buffers are. */
  bytes(length: number): Uint8Array {
    const block = Buffer.alloc(8 + length);
    for (let at = 0; at < length; at += 1) block[8 + at] = this.next() & 0xff;
    return block.subarray(8);
  }
}

/** A source of bytes for what takes its randomness as a function. */
export function seededBytes(seed: number): (length: number) => Uint8Array {
  const random = new SeededRandom(seed);
  return (length) => random.bytes(length);
}
