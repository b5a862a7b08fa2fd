/** Where what happens is counted; `shell/metrics.ts` makes Prometheus metrics of it. */
import type { BmcEvent, BmcFigures, DomainFailureKind } from '@vbmc/bmc-worker/ipc';

/** Those of a worker's figures that only grow. */
export type StrangerCounts = Omit<BmcFigures, 'activeSessions' | 'halfOpenSessions' | 'lockedOutLogins'>;

export interface Meter {
  event(bmc: string, event: BmcEvent): void;
  virshCall(verb: string, durationMs: number, outcome: 'ok' | DomainFailureKind): void;
  /** What strangers have caused since the last time. */
  strangers(bmc: string, more: StrangerCounts): void;
  workerRestarted(bmc: string): void;
  /** The BMC has been removed from the inventory: its series end. */
  forget(bmc: string): void;
}
