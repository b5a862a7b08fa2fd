import fc from 'fast-check';
import { createLineSplitter } from '#worker/ipc/line-splitter.ts';

const MAXIMUM = 2_000;

function split(pieces: readonly string[], maximum = MAXIMUM): string[] {
  const splitter = createLineSplitter(maximum);
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

test('lines come out whole when the stream is cut once, wherever that is', () => {
  const all = '{"type":"ready"}\n\n{"type":"pong"}\r\nrest';
  for (let at = 0; at <= all.length; at += 1) {
    expect(split([all.slice(0, at), all.slice(at)])).toEqual(['{"type":"ready"}', '{"type":"pong"}', 'rest']);
  }
});

test('a line without end is cut', () => {
  const lines = split([...Array.from({ length: 100 }, () => 'x'.repeat(1000)), '\r\nnext']);
  expect(lines).toEqual(['x'.repeat(MAXIMUM), 'next']);
});

test('of a line without end no more is kept than the maximum, in however small pieces it comes', () => {
  for (const size of [1, 7, 1_000, 100_000]) {
    const splitter = createLineSplitter(MAXIMUM);
    for (let sent = 0; sent < 10_000; sent += size) {
      expect(splitter.push('x'.repeat(size))).toEqual([]);
      expect(splitter.unfinishedLength).toBe(Math.min(MAXIMUM, sent + size));
    }
    expect(splitter.push('\n')).toEqual(['x'.repeat(MAXIMUM)]);
    expect(splitter.unfinishedLength).toBe(0);
  }
});
