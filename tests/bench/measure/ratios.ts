import { median } from './distribution.ts';

/** Two subjects measured in turn: the machine's speed drifts, so each round is compared with itself. */
export interface Ratios {
  readonly perRound: readonly number[];
  readonly median: number;
}

/** `ours` divided by `theirs`, round by round. Rounds that only one side has are left out. */
export function ratiosOf(ours: readonly number[], theirs: readonly number[]): Ratios {
  const rounds = Math.min(ours.length, theirs.length);
  const perRound = Array.from(
    { length: rounds },
    (_unused, round) => (ours[round] ?? NaN) / (theirs[round] ?? NaN),
  );
  return { perRound, median: median(perRound) };
}
