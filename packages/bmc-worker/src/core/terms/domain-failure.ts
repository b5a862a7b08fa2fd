import type { DomainFailureKind } from './domain-action.ts';
import type { Refusal } from './result.ts';

/** The completion code that a remote console gets for each kind of failure. */
export const completionCodeOfFailure: Readonly<Record<DomainFailureKind, Refusal>> = {
  domainNotFound: 'requestedDataNotPresent',
  // Nothing was done, or it may be done again. Ironic repeats after C0h, and not after D3h.
  hypervisorUnreachable: 'nodeBusy',
  connectionLost: 'destinationUnavailable',
  permissionDenied: 'insufficientPrivilege',
  deadlineExceeded: 'timeout',
  // Not C0h or C3h, which Ironic answers by asking again: the machine that was just fenced would come up.
  calledOff: 'notSupportedInPresentState',
  invalidInPresentState: 'notSupportedInPresentState',
  domainCrashed: 'guestCrashed',
  notAchieved: 'responseCouldNotBeProvided',
  noteNotRemoved: 'responseCouldNotBeProvided',
  notExpressible: 'invalidDataField',
  virshMissing: 'subFunctionDisabled',
  virshInterrupted: 'nodeBusy',
  virshFailed: 'unspecifiedError',
};
