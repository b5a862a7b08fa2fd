/** What `GET /v1/bmcs` answers about one BMC and `vbmc list` prints. Every key is always present. */
import type { DomainState } from '@vbmc/bmc-worker/ipc';
import type { LifecycleState } from './lifecycle-state.ts';
import type { PowerState } from './power-reading.ts';
import type { UnansweredCall } from './unanswered-calls.ts';

/** A BMC that is `bindFailing` is listed as `bindFailed`. */
export const bmcStatuses = [
  'stopped',
  'starting',
  'running',
  'stopping',
  'failing',
  'backingOff',
  'bindFailed',
  /** The inventory entry has errors, so no worker runs. */
  'invalid',
] as const satisfies readonly (LifecycleState | 'invalid')[];
export type BmcStatus = (typeof bmcStatuses)[number];

export interface BmcListing {
  readonly name: string;
  readonly domain: string | null;
  readonly address: string | null;
  /** UDP; `null` when the inventory's value is not a number. */
  readonly port: number | null;
  readonly status: BmcStatus;
  /** The cause of `invalid`, `bindFailed`, `backingOff` and `failing`. */
  readonly reason: string | null;
  /** What the operator should know though nothing is wrong with the BMC; `null` when there is nothing. */
  readonly warning: string | null;
  readonly powerState: PowerState;
  /** Why the power state is `unknown`, with the remedy; `null` while it is known, and while no worker runs. */
  readonly powerFailure: string | null;
  /** libvirt's state of the domain; `null` while the power state is `unknown`. */
  readonly domainState: DomainState | null;
  /** The worker's process id; `null` when none runs. */
  readonly pid: number | null;
  /** How often the worker was restarted after it had ended unexpectedly. */
  readonly restarts: number;
  /** libvirt owes an answer about the domain; `null` if it does not, as far as is known. */
  readonly unanswered: UnansweredCall | null;
  /** The chassis identify lamp: `on` until somebody switches it off. */
  readonly identify: 'off' | 'on' | 'timed';
}
