/** When a worker is taken for hanging. Pure. */

/** How often a worker that runs is asked for a sign of life. */
export const HEARTBEAT_INTERVAL_MS = 2_500;

/**
 * So many questions without an answer, each with a whole interval for it, and the worker is replaced: at most
 * 10 s after its event loop stopped turning. Questions are counted and not time, so that a supervisor that was
 * kept from the processor itself does not blame its workers.
 */
export const HEARTBEATS_TO_MISS = 3;

/** The longest that a worker can hang before it is killed. */
export const HEARTBEAT_LIMIT_MS = (HEARTBEATS_TO_MISS + 1) * HEARTBEAT_INTERVAL_MS;
