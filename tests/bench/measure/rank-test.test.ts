import { rankTest } from './rank-test.ts';

describe('the rank test', () => {
  it.each([
    ['all of theirs larger', [1, 2, 3], [4, 5, 6], 1],
    ['all of theirs smaller', [4, 5, 6], [1, 2, 3], 0],
    ['all equal', [1, 1], [1, 1, 1], 0.5],
    ['mixed', [1, 3], [2, 4], 0.75],
    ['some equal', [1, 2], [2, 3], 0.875],
  ])('%s', (_what, ours, theirs, area) => {
    expect(rankTest(ours, theirs).area).toBeCloseTo(area);
  });

  it('is the surer the more there is', () => {
    const many = Array.from({ length: 10_000 }, (_, index) => index);
    expect(rankTest(many, many).margin).toBeLessThan(0.01);
    expect(rankTest([1, 2, 3], [1, 2, 3]).margin).toBeGreaterThan(0.3);
  });
});
