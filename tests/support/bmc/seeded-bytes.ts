/** Bytes that look random and are the same in every run. Each is a view into a larger block, as Node's pooled buffers are. */
export function seededBytes(seed: number): (length: number) => Uint8Array {
  let state = seed >>> 0;
  const next = (): number => {
    // mulberry32
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return (mixed ^ (mixed >>> 14)) & 0xff;
  };
  return (length) => {
    const block = Buffer.alloc(8 + length);
    for (let at = 0; at < length; at += 1) block[8 + at] = next();
    return block.subarray(8);
  };
}
