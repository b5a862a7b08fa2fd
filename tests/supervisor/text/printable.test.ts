import fc from 'fast-check';
import { printable } from '#supervisor/text/printable.ts';

test('plain text stays as it is', () => {
  expect(printable('node-0 äöü 日本 "x"')).toBe('node-0 äöü 日本 "x"');
});

test('long text is cut', () => {
  expect(printable('a'.repeat(300), 10)).toBe('aaaaaaaaaa...');
});

test('whatever comes in, one bounded line goes out', () => {
  fc.assert(
    fc.property(fc.string({ unit: 'binary' }), (text) => {
      expect(printable(text)).not.toMatch(/[\p{Cc}\u2028-\u202e\u2066-\u2069]/u);
      expect(printable(text, 20).length).toBeLessThanOrEqual(20 * 6 + 3);
    }),
  );
});
