import { counted } from '#supervisor/text/counted.ts';

test.each([
  [0, '0 domains'],
  [1, '1 domain'],
  [2, '2 domains'],
])('%d', (count, text) => {
  expect(counted(count, 'domain')).toBe(text);
});
