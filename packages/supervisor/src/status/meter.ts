/** The interface to the metrics; `metrics/metrics.ts` implements it for Prometheus. */
import type { BmcCounters, BmcEvent, DomainFailureKind } from '@vbmc/bmc-worker/ipc';

export interface Meter {
  event(bmc: string, event: BmcEvent): void;
  virshCall(verb: string, durationMs: number, outcome: 'ok' | DomainFailureKind): void;
  /** By how much the worker's counters have grown since the last call. */
  counters(bmc: string, growth: BmcCounters): void;
  workerRestarted(bmc: string): void;
  /** The BMC has been removed from the inventory: its series end. */
  forget(bmc: string): void;
}
