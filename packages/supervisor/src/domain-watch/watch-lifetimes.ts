/** How long the domain watch may stay in each of its states. Pure; milliseconds. */
import { SINGLE_ROUND_MS, SNAPSHOT_VERIFY_MS } from '../supervision/supervision-times.ts';
import { connectDeadlineMs, snapshotBackOffMs, watchBackOffMs } from './watch-times.ts';
import type { WatchState } from './watch-transitions.ts';

export interface WatchCircumstances {
  readonly settlingMs: number;
  readonly snapshotDueInMs: number;
  /** In a row: failed attempts, attempts that took too long, and snapshots that did. */
  readonly failures: number;
  readonly timeouts: number;
  readonly overdueSnapshots: number;
  /** A snapshot has a chance: libvirt owes no answer about any domain. */
  readonly nothingIsOwed: boolean;
  /** In [0, 1). */
  readonly random: () => number;
}

/** `undefined`: the state ends with what the watch waits for. */
export function lifetimeMs(state: WatchState, at: WatchCircumstances): number | undefined {
  switch (state) {
    case 'connecting':
      return connectDeadlineMs(at.timeouts);
    case 'settling':
      return at.settlingMs;
    case 'trusted':
      return at.snapshotDueInMs;
    case 'backingOff':
      return watchBackOffMs(at.failures, at.random);
    case 'pausing':
      return SNAPSHOT_VERIFY_MS;
    case 'partlyTrusted':
      return at.nothingIsOwed ? snapshotBackOffMs(at.overdueSnapshots) : SINGLE_ROUND_MS;
    case 'idle':
    case 'verifying':
    case 'snapshotting':
    case 'resyncing':
    case 'asking':
    case 'reasking':
      return undefined;
  }
}
