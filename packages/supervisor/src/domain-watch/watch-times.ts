/** How long the domain watch waits for what. Pure; milliseconds. */

/** A connection over ssh to a busy host takes seconds. */
export const CONNECT_DEADLINE_MS = 30_000;

/** A libvirt that needs longer to list its domains hangs. */
export const SNAPSHOT_DEADLINE_MS = 10_000;

/** How old a state may become before it is asked for again, whatever the stream said or did not say. */
export const RESYNC_MS = 30_000;

/**
 * From the first snapshot to the second, which finds what the stream may have missed while it subscribed, and which
 * domains a libvirt that has just started did not find again: it reports no event of those.
 */
export const VERIFY_MS = 2_000;

/** How long after being trusted, or being confirmed after `lastMs`, the states are asked for again. */
export function resyncMs(lastMs: number): number {
  return Math.min(Math.max(VERIFY_MS, 2 * lastMs), RESYNC_MS);
}

/** After an event: what it says is believed at once, and confirmed by a snapshot this much later. */
export const CONFIRM_EVENT_MS = 1_000;

/** Subscriptions that virsh asks for one after the other, each a round trip (`--all` of libvirt 9: 26). */
const ROUND_TRIPS = 64;
const LEAST_SETTLING_MS = 100;
const MOST_SETTLING_MS = 10_000;

/** How long the stream, connected, takes to subscribe, from the duration of one round trip on that connection. */
export function settlingMs(roundTripMs: number): number {
  return Math.min(LEAST_SETTLING_MS + ROUND_TRIPS * Math.max(0, roundTripMs), MOST_SETTLING_MS);
}

const FIRST_BACK_OFF_MS = 250;
const MOST_BACK_OFF_MS = 15_000;

/** Doubles with each failure in a row (from 1); jitter takes away up to half. `random` returns a number in [0, 1). */
export function watchBackOffMs(failures: number, random: () => number): number {
  const fullMs = Math.min(FIRST_BACK_OFF_MS * 2 ** (failures - 1), MOST_BACK_OFF_MS);
  return Math.round(fullMs * (1 - random() / 2));
}
