import { ratiosOf } from './ratios.ts';

test('round by round, and the median of that', () => {
  // The machine was half as fast in the second round, for both subjects.
  expect(ratiosOf([300, 150, 310], [100, 50, 155])).toEqual({ perRound: [3, 3, 2], median: 3 });
});

test('a round that one side did not finish is left out', () => {
  expect(ratiosOf([2, 4], [1])).toEqual({ perRound: [2], median: 2 });
  expect(ratiosOf([], [])).toEqual({ perRound: [], median: NaN });
});
