/** Where what happens is counted; `shell/metrics.ts` makes Prometheus metrics of it. */
import type { BmcEvent, DomainFailureKind } from '@vbmc/bmc-worker/ipc-protocol';

export interface Meter {
  event(bmc: string, event: BmcEvent): void;
  virshCall(verb: string, durationMs: number, outcome: 'ok' | DomainFailureKind): void;
  malformedDatagrams(bmc: string, more: number): void;
  workerRestarted(bmc: string): void;
  /** The BMC has been removed from the inventory: its series end. */
  forget(bmc: string): void;
}
