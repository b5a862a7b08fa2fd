/** The delays of the domain watch that depend on what happened before. Pure; milliseconds. */
import { backOffMs } from '../supervision/back-off.ts';
import {
  MAXIMUM_CONNECT_DEADLINE_MS,
  MAXIMUM_SETTLING_MS,
  MAXIMUM_WATCH_BACK_OFF_MS,
  MINIMUM_SETTLING_MS,
  SINGLE_ROUND_MS,
  SNAPSHOT_RESYNC_MS,
  SNAPSHOT_VERIFY_MS,
  SUBSCRIPTION_ROUND_TRIPS,
  WATCH_CONNECT_DEADLINE_MS,
} from '../supervision/supervision-times.ts';

/** The time to the next snapshot: it doubles with each. `lastMs` is the time before the last one. */
export function resyncMs(lastMs: number): number {
  return Math.min(Math.max(SNAPSHOT_VERIFY_MS, 2 * lastMs), SNAPSHOT_RESYNC_MS);
}

/** How long a connected stream takes to subscribe. `roundTripMs`: measured on that connection. */
export function settlingMs(roundTripMs: number): number {
  const neededMs = MINIMUM_SETTLING_MS + SUBSCRIPTION_ROUND_TRIPS * Math.max(0, roundTripMs);
  return Math.min(neededMs, MAXIMUM_SETTLING_MS);
}

/** The pause after the `failures`-th failed attempt in a row, from 1. `random` returns a number in [0, 1). */
export function watchBackOffMs(failures: number, random: () => number): number {
  return backOffMs(failures, MAXIMUM_WATCH_BACK_OFF_MS, random);
}

/** How long an attempt to connect may take. `timeouts`: attempts in a row that took too long. */
export function connectDeadlineMs(timeouts: number): number {
  return Math.min(WATCH_CONNECT_DEADLINE_MS * 2 ** timeouts, MAXIMUM_CONNECT_DEADLINE_MS);
}

/** From the moment when libvirt owes no answer to the next snapshot. `overdue`: snapshots in a row that took too long. */
export function snapshotBackOffMs(overdue: number): number {
  return Math.min(SNAPSHOT_VERIFY_MS * 2 ** Math.max(0, overdue - 1), SINGLE_ROUND_MS);
}
