/** Time as the shell hands it to whoever waits; tests put a virtual clock in its place. */
export interface Clock {
  /** Milliseconds from an arbitrary start; never goes back. */
  now(): number;
  /** What the calendar says: for logs and people, never for measuring. */
  date(): Date;
  /** Calls `callback` once after `delayMs`; the function returned prevents it. */
  after(delayMs: number, callback: () => void): () => void;
}

export const systemClock: Clock = {
  now: () => performance.now(),
  date: () => new Date(),
  after(delayMs, callback) {
    const timer = setTimeout(callback, delayMs);
    return () => {
      clearTimeout(timer);
    };
  },
};
