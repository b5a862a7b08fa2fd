/** When a worker that ended is started again. Pure: time in milliseconds and randomness are arguments. */

/** A worker that ran this long is taken for sound: its earlier crashes are forgiven. */
export const STABLE_PERIOD_MS = 60_000;
const FIRST_BACK_OFF_MS = 250;
const MAXIMUM_BACK_OFF_MS = 30_000;
/** An operator who freed a port should not wait long to see the BMC come up. */
const MAXIMUM_BIND_RETRY_MS = 10_000;

export interface RestartHistory {
  /** Crashes in a row, none of them followed by a stable period. */
  readonly crashes: number;
}

export const noCrashes: RestartHistory = { crashes: 0 };

export interface RestartDecision {
  /** 0 for the first crash in a row: restart at once. Never "give up". */
  readonly delayMs: number;
  readonly history: RestartHistory;
}

/**
 * Decides about a worker that was started at `startedAtMs` and ended unasked at `nowMs`.
 * `random` returns a number in [0, 1).
 */
export function decideRestart(
  history: RestartHistory,
  startedAtMs: number,
  nowMs: number,
  random: () => number,
): RestartDecision {
  const crashes = nowMs - startedAtMs >= STABLE_PERIOD_MS ? 0 : history.crashes;
  const delayMs = crashes === 0 ? 0 : backOffMs(crashes - 1, MAXIMUM_BACK_OFF_MS, random);
  return { delayMs, history: { crashes: crashes + 1 } };
}

/** How long to wait after the `failures`-th (from 1) failure in a row to bind the socket. */
export function bindRetryDelayMs(failures: number, random: () => number): number {
  return backOffMs(failures - 1, MAXIMUM_BIND_RETRY_MS, random);
}

/** Why there is no worker, and in how many milliseconds it is tried again. */
export function withNextAttempt(reason: string, waitMs: number): string {
  return `${reason} (next attempt in ${(Math.max(0, waitMs) / 1000).toFixed(1)} s)`;
}

/** Doubles with each step. Jitter takes away up to half, so that workers that fell together do not rise together. */
function backOffMs(step: number, maximumMs: number, random: () => number): number {
  const fullMs = Math.min(FIRST_BACK_OFF_MS * 2 ** step, maximumMs);
  return Math.round(fullMs * (1 - random() / 2));
}
