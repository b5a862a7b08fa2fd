/** Every truncation of a datagram, from 0 bytes to one byte less than its length. */
export function* truncations(datagram: Uint8Array): Generator<Uint8Array> {
  for (let length = 0; length < datagram.length; length += 1) yield datagram.subarray(0, length);
}

/** Copies of the datagram with one bit flipped, for every bit from byte `first` on. */
export function* bitFlips(datagram: Uint8Array, first = 0): Generator<Uint8Array> {
  for (let bit = first * 8; bit < datagram.length * 8; bit += 1) {
    const flipped = Uint8Array.from(datagram);
    flipped[bit >>> 3] = (flipped[bit >>> 3] ?? 0) ^ (1 << (bit & 7));
    yield flipped;
  }
}

/** The datagrams in several orders, by name. */
export function orders(datagrams: readonly Uint8Array[]): Readonly<Record<string, readonly Uint8Array[]>> {
  const middle = datagrams.length >>> 1;
  const byTurns = datagrams.map((_, index) => datagrams.at(index % 2 === 0 ? index >> 1 : -1 - (index >> 1)));
  return {
    'in order': datagrams,
    backwards: datagrams.toReversed(),
    'from the middle on': [...datagrams.slice(middle), ...datagrams.slice(0, middle)],
    'from both ends': byTurns.filter((datagram) => datagram !== undefined),
    'each twice': datagrams.flatMap((datagram) => [datagram, datagram]),
  };
}
