import type { DomainState } from '../terms/domain-action.ts';

/**
 * Whether a domain in this state counts as powered on. The specification calls S4 and S5 off (v2.0§28.2): a machine in S3
 * (`pmsuspended`) is on, and so is one whose guest has panicked.
 */
export const isPoweredOn: Readonly<Record<DomainState, boolean>> = {
  running: true,
  idle: true,
  paused: true,
  startingUp: true,
  ioError: true,
  heldForJob: true,
  migrating: true,
  inShutdown: true,
  crashed: true,
  pmsuspended: true,
  noState: false,
  shutOff: false,
  /** Off on this host. Get Chassis Status does not say so. */
  migratedAway: false,
};

/**
 * Whether a start of the domain is under way: by another program, from a saved image, or by a migration to this host. libvirt
 * reports no event when such a start fails, so only a question shows that the domain is off again.
 */
export function mayEndUnreported(state: DomainState): boolean {
  return state === 'startingUp' || state === 'migrating';
}

/** Get Chassis Status, Drive Fault: the machine stands still because a disk cannot be read or written. */
export function hasDriveFault(state: DomainState): boolean {
  return state === 'ioError';
}

/** Whether Get Chassis Status tells the same of both. */
export function tellsSame(one: DomainState, other: DomainState): boolean {
  return (
    isPoweredOn[one] === isPoweredOn[other] &&
    hasDriveFault(one) === hasDriveFault(other) &&
    (one === 'migratedAway') === (other === 'migratedAway')
  );
}
