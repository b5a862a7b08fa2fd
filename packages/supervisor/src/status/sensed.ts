import type { DomainState, SensorFacts } from '@vbmc/bmc-worker/ipc';

/** What metrics tell of a BMC's sensors. Empty while the state of the domain is not known. */
export interface Sensed extends SensorFacts {
  readonly domainState?: DomainState;
}
