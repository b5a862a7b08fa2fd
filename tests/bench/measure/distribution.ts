/** How a series of measurements is distributed. All values have the unit of what was measured. */
export interface Distribution {
  readonly count: number;
  readonly median: number;
  readonly p99: number;
  readonly max: number;
}

/** NaN everywhere for an empty series. */
export function distributionOf(values: Iterable<number>): Distribution {
  // Typed arrays sort by number, and a series may have a million values.
  const sorted = Float64Array.from(values).sort();
  return {
    count: sorted.length,
    median: quantile(sorted, 0.5),
    p99: quantile(sorted, 0.99),
    max: sorted.at(-1) ?? NaN,
  };
}

export function median(values: Iterable<number>): number {
  return quantile(Float64Array.from(values).sort(), 0.5);
}

/** The smallest value that at least this part of all values does not exceed (nearest rank). */
export function quantile(sorted: ArrayLike<number>, part: number): number {
  const rank = Math.max(1, Math.ceil(part * sorted.length));
  return sorted[rank - 1] ?? NaN;
}
