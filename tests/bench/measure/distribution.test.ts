import { distributionOf, median, quantile } from './distribution.ts';

test('nearest rank: a value that was measured, never one in between', () => {
  const hundred = Array.from({ length: 100 }, (_unused, index) => 100 - index);
  expect(distributionOf(hundred)).toEqual({ count: 100, median: 50, p99: 99, max: 100 });
  expect(median([3, 1, 2])).toBe(2);
  expect(median([4, 1])).toBe(1);
  expect(quantile([7], 0.99)).toBe(7);
});

test('sorts by number', () => {
  expect(distributionOf([10, 9, 100]).max).toBe(100);
});

test('nothing measured is not a number', () => {
  expect(distributionOf([])).toEqual({ count: 0, median: NaN, p99: NaN, max: NaN });
});
