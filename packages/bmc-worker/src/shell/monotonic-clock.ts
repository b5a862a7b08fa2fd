/** Not `performance.now()`: its module costs each worker 2 ms of its start and 0.15 MB, and `process.hrtime` is loaded anyway. */
const [ORIGIN] = process.hrtime();

/** Milliseconds since the second in which this process started; never goes back. */
export function monotonicMs(): number {
  const [seconds, nanoseconds] = process.hrtime();
  return (seconds - ORIGIN) * 1e3 + nanoseconds / 1e6;
}

/** A moment as `monotonicMs` tells it. `hostMs`: by CLOCK_MONOTONIC, in milliseconds, as the supervisor tells it. */
export function fromHostClock(hostMs: number): number {
  return hostMs - ORIGIN * 1e3;
}
