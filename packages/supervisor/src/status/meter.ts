/** The interface to the metrics; `metrics/metrics.ts` implements it for Prometheus. */
import type { BmcCounters, BmcEvent, DomainFailureKind } from '@vbmc/bmc-worker/ipc';
import type { ViolationKind } from './channel-violation.ts';

export interface Meter {
  event(bmc: string, event: BmcEvent): void;
  virshCall(verb: string, durationMs: number, outcome: 'ok' | DomainFailureKind): void;
  /** By how much the worker's counters have grown since the last call. */
  counters(bmc: string, growth: BmcCounters): void;
  workerRestarted(bmc: string): void;
  /** A worker was killed because it had broken a rule of its channel. */
  channelViolation(bmc: string, kind: ViolationKind): void;
  /** The BMC has been removed from the inventory: its series end. */
  forget(bmc: string): void;
}
