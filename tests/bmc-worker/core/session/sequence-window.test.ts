import fc from 'fast-check';
import {
  isFresh,
  markSeen,
  newSequenceWindow,
  type SequenceWindow,
} from '#worker/core/session/sequence-window.ts';

function u32(number: number): number {
  return number >>> 0;
}

/** A window with this highest number, in which only the numbers at `seenOffsets` from it were seen before. */
function windowAt(highest: number, seenOffsets: readonly number[]): SequenceWindow {
  const window = { highest: u32(highest), seen: 1 };
  for (const offset of seenOffsets) window.seen |= 1 << -offset;
  return window;
}

const states = [
  { name: 'in the middle of the range', highest: 1_000 },
  { name: 'just below the wrap', highest: 0xffff_fffa },
  { name: 'just above the wrap', highest: 5 },
  { name: 'at half the range, where signed numbers overflow', highest: 0x7fff_fffe },
];

/** Offset from the highest number seen → fresh, if only the highest number was seen. */
const inputs = [
  { offset: -1_000_000, fresh: false },
  { offset: -33, fresh: false },
  { offset: -32, fresh: false },
  { offset: -31, fresh: false },
  { offset: -17, fresh: false },
  { offset: -16, fresh: true },
  { offset: -15, fresh: true },
  { offset: -2, fresh: true },
  { offset: -1, fresh: true },
  { offset: 0, fresh: false },
  { offset: 1, fresh: true },
  { offset: 2, fresh: true },
  { offset: 15, fresh: true },
  { offset: 16, fresh: false },
  { offset: 17, fresh: false },
  { offset: 32, fresh: false },
  { offset: 0x7fff_ffff, fresh: false },
  { offset: -0x8000_0000, fresh: false },
];

describe.each(states)('the sequence window $name', ({ highest }) => {
  test.each(inputs)('$offset from the highest number: fresh is $fresh', ({ offset, fresh }) => {
    const window = windowAt(highest, []);
    const number = u32(highest + offset);

    expect(isFresh(window, number)).toBe(fresh && number !== 0);
  });

  test.each(inputs.filter(({ offset, fresh }) => fresh && offset < 0))(
    '$offset from the highest number a second time is refused',
    ({ offset }) => {
      const window = windowAt(highest, [offset]);

      expect(isFresh(window, u32(highest + offset))).toBe(false);
    },
  );
});

function withinWindow({ highest }: SequenceWindow, number: number): boolean {
  const offset = (number - highest) | 0;
  return offset >= -16 && offset <= 15;
}

describe('the sequence window', () => {
  test('is 32 numbers wide', () => {
    const window = windowAt(1_000, []);
    let width = 1; // counts the highest number itself
    for (let number = 900; number < 1_100; number += 1) if (isFresh(window, number)) width += 1;

    expect(width).toBe(32);
  });

  test('begins with 1 and refuses all numbers before it', () => {
    const window = newSequenceWindow();

    expect(isFresh(window, 1)).toBe(true);
    expect(isFresh(window, 15)).toBe(true);
    expect(isFresh(window, 16)).toBe(false);
    for (let back = 0; back <= 40; back += 1) expect(isFresh(window, u32(-back))).toBe(false);
  });

  test('never accepts 0, not even at the wrap', () => {
    const window = windowAt(0xffff_ffff, []);

    expect(isFresh(window, 0)).toBe(false);
    expect(isFresh(window, 1)).toBe(true);
    markSeen(window, 1);
    expect(isFresh(window, 0)).toBe(false);
    expect(isFresh(window, 0xffff_ffff)).toBe(false);
    expect(isFresh(window, 0xffff_fffe)).toBe(true);
  });

  test('accepts no number twice and agrees with a plain list for any sequence', () => {
    const arrivals = fc.array(fc.integer({ min: -40, max: 40 }), { maxLength: 80 });
    fc.assert(
      fc.property(fc.constantFrom(...states.map(({ highest }) => highest)), arrivals, (first, jumps) => {
        const window = windowAt(first, []);
        const seen = new Set([window.highest]);
        for (const jump of jumps) {
          const number = u32(window.highest + jump);
          const expected = number !== 0 && withinWindow(window, number) && !seen.has(number);
          expect(isFresh(window, number)).toBe(expected);
          if (!expected) continue;
          markSeen(window, number);
          seen.add(number);
        }
      }),
    );
  });
});
