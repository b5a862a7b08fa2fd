/** What `GET /v1/bmcs` says about one BMC, and `vbmc list` shows. Every key is always there. */
import type { DomainState } from '@vbmc/bmc-worker/ipc';
import type { LifecycleState } from './lifecycle-state.ts';

/** `bindFailing` is shown as `bindFailed`. */
export const bmcStatuses = [
  'stopped',
  'starting',
  'running',
  'stopping',
  'failing',
  'backingOff',
  'bindFailed',
  /** The inventory entry has errors, no worker runs. */
  'invalid',
] as const satisfies readonly (LifecycleState | 'invalid')[];
export type BmcStatus = (typeof bmcStatuses)[number];

export type PowerState = 'on' | 'off' | 'unknown';

export interface BmcListing {
  readonly name: string;
  readonly domain: string | null;
  readonly address: string | null;
  /** UDP; `null` when the inventory's value is not a number. */
  readonly port: number | null;
  readonly status: BmcStatus;
  /** The cause of `invalid`, `bindFailed`, `backingOff` and `failing`. */
  readonly reason: string | null;
  readonly powerState: PowerState;
  /** libvirt's word; `null` while the power state is `unknown`. */
  readonly domainState: DomainState | null;
  /** Of the worker; `null` when none runs. */
  readonly pid: number | null;
  /** How often the worker was started again after it had ended unasked. */
  readonly restarts: number;
}

/** The body of the answer. */
export interface BmcListings {
  readonly bmcs: readonly BmcListing[];
}
