/** When a worker that ended is started again. Pure: time in milliseconds and randomness are arguments. */
import { backOffMs } from '../supervision/back-off.ts';
import {
  MAXIMUM_BIND_RETRY_DELAY_MS,
  MAXIMUM_RESTART_DELAY_MS,
  STABLE_PERIOD_MS,
} from '../supervision/supervision-times.ts';

export interface RestartHistory {
  /** Crashes in a row, none of them followed by a stable period. */
  readonly crashes: number;
}

export const noCrashes: RestartHistory = { crashes: 0 };

export interface RestartDecision {
  /** 0 after the first crash in a row. */
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
  const delayMs = crashes === 0 ? 0 : backOffMs(crashes, MAXIMUM_RESTART_DELAY_MS, random);
  return { delayMs, history: { crashes: crashes + 1 } };
}

/** How long to wait after the `failures`-th failure in a row, from 1, to bind the socket. */
export function bindRetryDelayMs(failures: number, random: () => number): number {
  return backOffMs(failures, MAXIMUM_BIND_RETRY_DELAY_MS, random);
}

/** Why there is no worker, and in how many milliseconds the next attempt is made. */
export function withNextAttempt(reason: string, waitMs: number): string {
  return `${reason} (next attempt in ${(Math.max(0, waitMs) / 1000).toFixed(1)} s)`;
}
