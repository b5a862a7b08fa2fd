import fc from 'fast-check';

/** A change to bytes on their way. Positions are taken modulo the length, so that every mutation fits all bytes. */
export type Mutation =
  | { readonly kind: 'flip'; readonly at: number; readonly mask: number }
  | { readonly kind: 'cut'; readonly at: number }
  | { readonly kind: 'extend'; readonly bytes: Uint8Array }
  | { readonly kind: 'overwrite'; readonly at: number; readonly bytes: Uint8Array }
  | { readonly kind: 'insert'; readonly at: number; readonly bytes: Uint8Array }
  | { readonly kind: 'remove'; readonly at: number; readonly count: number };

const at = fc.nat(300);
/** Includes the values at which lengths, counters and identifiers overflow, more often than chance would. */
const boundaryValues = fc.oneof(
  fc.uint8Array({ minLength: 1, maxLength: 8 }),
  fc
    .constantFrom([0], [0xff], [0x7f], [0x80], [0, 0, 0, 0], [0xff, 0xff, 0xff, 0xff])
    .map((bytes) => Uint8Array.from(bytes)),
);

const change: fc.Arbitrary<Mutation> = fc.oneof(
  fc.record({ kind: fc.constant('flip' as const), at, mask: fc.constantFrom(1, 2, 4, 8, 16, 32, 64, 128) }),
  fc.record({ kind: fc.constant('flip' as const), at, mask: fc.integer({ min: 1, max: 255 }) }),
  fc.record({ kind: fc.constant('cut' as const), at }),
  fc.record({
    kind: fc.constant('extend' as const),
    bytes: fc.uint8Array({ minLength: 1, maxLength: 40 }),
  }),
  fc.record({ kind: fc.constant('overwrite' as const), at, bytes: boundaryValues }),
  fc.record({ kind: fc.constant('insert' as const), at, bytes: boundaryValues }),
  fc.record({ kind: fc.constant('remove' as const), at, count: fc.integer({ min: 1, max: 16 }) }),
);

/** Mostly one change; rarely several, because the decoder often stops at the first. */
export const mutations: fc.Arbitrary<readonly Mutation[]> = fc.oneof(
  { arbitrary: fc.constant([]), weight: 2 },
  { arbitrary: fc.tuple(change), weight: 4 },
  { arbitrary: fc.array(change, { minLength: 2, maxLength: 5 }), weight: 1 },
);

function joined(...parts: readonly Uint8Array[]): Uint8Array {
  return Uint8Array.from(Buffer.concat(parts));
}

function mutateOnce(bytes: Uint8Array, how: Mutation): Uint8Array {
  const place = 'at' in how ? how.at % Math.max(1, bytes.length) : 0;
  switch (how.kind) {
    case 'flip':
      return bytes.map((byte, index) => (index === place ? byte ^ how.mask : byte));
    case 'cut':
      return bytes.slice(0, place);
    case 'extend':
      return joined(bytes, how.bytes);
    case 'overwrite': {
      const room = how.bytes.subarray(0, bytes.length - place);
      return joined(bytes.subarray(0, place), room, bytes.subarray(place + room.length));
    }
    case 'insert':
      return joined(bytes.subarray(0, place), how.bytes, bytes.subarray(place));
    case 'remove':
      return joined(bytes.subarray(0, place), bytes.subarray(place + how.count));
  }
}

/** A copy of the bytes with all changes applied. */
export function mutate(bytes: Uint8Array, changes: readonly Mutation[]): Uint8Array {
  return changes.reduce(mutateOnce, Uint8Array.from(bytes));
}
