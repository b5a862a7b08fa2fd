import type { DomainFailureKind } from './domain-action.ts';
import type { Refusal } from './result.ts';

/** The completion code that tells a remote console why the domain did not do what it asked for. */
export const completionCodeOfFailure: Readonly<Record<DomainFailureKind, Refusal>> = {
  domainNotFound: 'requestedDataNotPresent',
  hypervisorUnreachable: 'destinationUnavailable',
  permissionDenied: 'insufficientPrivilege',
  deadlineExceeded: 'timeout',
  invalidInPresentState: 'notSupportedInPresentState',
  domainCrashed: 'guestCrashed',
  notAchieved: 'responseCouldNotBeProvided',
  notExpressible: 'invalidDataField',
  virshMissing: 'subFunctionDisabled',
  virshFailed: 'unspecifiedError',
};
