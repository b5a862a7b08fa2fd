import fc from 'fast-check';
import { createLineSplitter, MAXIMUM_LINE_LENGTH } from '#worker/libvirt/line-splitter.ts';

function split(pieces: readonly string[]): string[] {
  const splitter = createLineSplitter();
  return [...pieces.flatMap((piece) => splitter.push(piece)), ...splitter.end()];
}

test('lines come out whole, however the stream is cut', () => {
  const text = fc.array(fc.constantFrom('a', 'b', '\n', 'long')).map((parts) => parts.join(''));
  fc.assert(
    fc.property(text, fc.integer({ min: 1, max: 5 }), (all, size) => {
      const pieces = all.match(new RegExp(`[^]{1,${size}}`, 'g')) ?? [];
      expect(split(pieces)).toEqual(all.split('\n').filter((line) => line !== ''));
    }),
  );
});

test('a line without end is cut', () => {
  const lines = split([...Array.from({ length: 100 }, () => 'x'.repeat(1000)), '\r\nnext']);
  expect(lines).toEqual(['x'.repeat(MAXIMUM_LINE_LENGTH), 'next']);
});
