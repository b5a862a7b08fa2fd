/** The deadlines and intervals of the domain watch. Pure; milliseconds. */
import { backOffMs } from '../supervision/back-off.ts';

/** A connection over ssh to a busy host takes seconds. */
export const CONNECT_DEADLINE_MS = 30_000;

/** A libvirt that needs longer to list its domains hangs. */
export const SNAPSHOT_DEADLINE_MS = 10_000;

/** The longest time between two snapshots, whatever the event stream reports. */
export const RESYNC_MS = 30_000;

/**
 * From the first snapshot to the second. The second finds what the stream may have missed while it subscribed, and the
 * domains that a libvirt that has just started did not find again: it reports no event for those.
 */
export const VERIFY_MS = 2_000;

/** The time to the next snapshot: it doubles with each, from `VERIFY_MS`. `lastMs` is the time before the last one. */
export function resyncMs(lastMs: number): number {
  return Math.min(Math.max(VERIFY_MS, 2 * lastMs), RESYNC_MS);
}

/** An event is believed at once, and confirmed by a snapshot this much later. */
export const CONFIRM_EVENT_MS = 1_000;

/** Subscriptions that virsh asks for one after the other, each a round trip (`--all` of libvirt 9: 26). */
const ROUND_TRIPS = 64;
const LEAST_SETTLING_MS = 100;
const MOST_SETTLING_MS = 10_000;

/** How long a connected stream takes to subscribe. `roundTripMs`: measured on that connection. */
export function settlingMs(roundTripMs: number): number {
  return Math.min(LEAST_SETTLING_MS + ROUND_TRIPS * Math.max(0, roundTripMs), MOST_SETTLING_MS);
}

const MAXIMUM_BACK_OFF_MS = 15_000;

/** The pause after the `failures`-th failed attempt in a row, from 1. `random` returns a number in [0, 1). */
export function watchBackOffMs(failures: number, random: () => number): number {
  return backOffMs(failures, MAXIMUM_BACK_OFF_MS, random);
}
