import type { DomainState } from '../terms/domain-action.ts';

/**
 * Whether a domain in this state counts as powered on. A suspended domain (`pmsuspended`, ACPI S3) shows
 * as off, so that "power on" wakes it; a crashed one draws no power until it is started again.
 */
export const isPoweredOn: Readonly<Record<DomainState, boolean>> = {
  running: true,
  idle: true,
  paused: true,
  inShutdown: true,
  noState: false,
  shutOff: false,
  crashed: false,
  pmsuspended: false,
  /** Off on this host. Get Chassis Status does not say so. */
  migratedAway: false,
};
