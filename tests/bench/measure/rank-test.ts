/** How far two series of measurements differ by their ranks (Mann-Whitney). */
export interface RankTest {
  /** The probability that one of `theirs` is larger than one of `ours`, ties counting half. 0.5: no difference. */
  readonly area: number;
  /** Half the width of the 95 % confidence interval, for series that are alike. */
  readonly margin: number;
}

export function rankTest(ours: readonly number[], theirs: readonly number[]): RankTest {
  const all = [
    ...ours.map((value) => ({ value, isTheirs: false })),
    ...theirs.map((value) => ({ value, isTheirs: true })),
  ].sort((a, b) => a.value - b.value);
  let rankSum = 0;
  for (let first = 0, next = 0; first < all.length; first = next) {
    while (next < all.length && all[next]?.value === all[first]?.value) next += 1;
    // Equal values share the mean of their ranks, which count from 1.
    const rank = (first + 1 + next) / 2;
    for (const { isTheirs } of all.slice(first, next)) if (isTheirs) rankSum += rank;
  }
  const [n, m] = [ours.length, theirs.length];
  return {
    area: (rankSum - (m * (m + 1)) / 2) / (n * m),
    margin: 1.96 * Math.sqrt((n + m + 1) / (12 * n * m)),
  };
}
