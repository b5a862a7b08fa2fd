/** One line per measurement in the test output, so that a report can quote it. On standard error, like Jest's. */
export function printFigure(what: string, value: string): void {
  process.stderr.write(`figure: ${what}: ${value}\n`);
}

/** How a series of durations is distributed, e.g. `median 1.2 ms, 99 % below 3.4 ms, longest 5.6 ms (of 200)`. */
export function describeDurations(durationsMs: readonly number[]): string {
  const ms = (value: number): string => `${value.toFixed(value < 10 ? 2 : 0)} ms`;
  const sorted = durationsMs.toSorted((a, b) => a - b);
  const percentile = `99 % below ${ms(quantile(sorted, 0.99))}`;
  const parts = [`median ${ms(quantile(sorted, 0.5))}`, ...(sorted.length >= 100 ? [percentile] : [])];
  return `${parts.join(', ')}, longest ${ms(sorted.at(-1) ?? NaN)} (of ${sorted.length})`;
}

export function median(values: readonly number[]): number {
  return quantile(
    values.toSorted((a, b) => a - b),
    0.5,
  );
}

function quantile(sorted: readonly number[], part: number): number {
  return sorted[Math.floor(part * (sorted.length - 1))] ?? NaN;
}
