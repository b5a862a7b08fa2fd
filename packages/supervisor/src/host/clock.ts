/** The source of time and timers; tests pass a virtual clock. */
export interface Clock {
  /** Milliseconds from an arbitrary start; never goes back. */
  now(): number;
  /** The calendar time: for logs and people, never for measuring. */
  date(): Date;
  /** Calls `callback` once after `delayMs`; the function returned cancels that. */
  after(delayMs: number, callback: () => void): () => void;
}

/** Its `now` is CLOCK_MONOTONIC, the same for all processes of the host: a worker compares moments that the supervisor names. */
export const systemClock: Clock = {
  now() {
    const [seconds, nanoseconds] = process.hrtime();
    return seconds * 1e3 + nanoseconds / 1e6;
  },
  date: () => new Date(),
  after(delayMs, callback) {
    const timer = setTimeout(callback, delayMs);
    return () => {
      clearTimeout(timer);
    };
  },
};
