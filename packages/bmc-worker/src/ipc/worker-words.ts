/** The worker's words as lists, to check against: types are gone when messages arrive. */
import type { DomainFailureKind, DomainState } from './protocol.ts';

/** In the order of libvirt's numbers for them (virDomainState). */
export const domainStates = [
  'noState',
  'running',
  'idle',
  'paused',
  'inShutdown',
  'shutOff',
  'crashed',
  'pmsuspended',
] as const satisfies readonly DomainState[];

export const failureKinds = [
  'domainNotFound',
  'hypervisorUnreachable',
  'permissionDenied',
  'deadlineExceeded',
  'invalidInPresentState',
  'domainCrashed',
  'notAchieved',
  'notExpressible',
  'virshMissing',
  'virshFailed',
] as const satisfies readonly DomainFailureKind[];
