/**
 * What the names in events mean, for people: in the words of docs/operate.md. Programs get the names, which stay the same. A name
 * that a worker has made up is shown as it is. Pure.
 */
import type { DomainFailureKind } from '@vbmc/bmc-worker/ipc';

const failureWords: Readonly<Record<DomainFailureKind, string>> = {
  domainNotFound: 'libvirt knows no domain of that name',
  hypervisorUnreachable: 'libvirt cannot be reached',
  connectionLost: 'libvirt was lost on the way',
  permissionDenied: 'libvirt refused vbmcd',
  deadlineExceeded: 'no answer in time',
  calledOff: 'overtaken by a power off',
  invalidInPresentState: "not in the domain's present state",
  domainCrashed: 'the guest has crashed',
  notAchieved: 'not achieved',
  noteNotRemoved: 'a note could not be removed',
  notExpressible: "the domain's definition cannot express it",
  virshMissing: 'there is no virsh',
  virshInterrupted: 'not begun, or interrupted',
  virshFailed: 'virsh failed',
};

/** Why a login was refused: the status that the remote console got, or what that status hides. */
const refusalWords: Readonly<Record<string, string>> = {
  invalidIntegrityCheckValue: 'wrong password',
  wrongPassword: 'wrong password',
  unknownUser: 'there is no such user',
  unauthorizedName: 'there is no such user',
  unauthorizedRoleOrPrivilegeLevel: "a level above the user's limit",
  delayed: 'a pause after failed logins',
  lockedOut: 'locked out after failed logins',
  anotherLogin: 'another login has begun in this session',
  insufficientResourcesToCreateSession: 'no room for another session',
  invalidSessionId: 'there is no such session',
  noCipherSuiteMatch: 'no cipher suite in common',
  invalidAuthenticationAlgorithm: 'an unknown authentication algorithm',
  invalidIntegrityAlgorithm: 'an unknown integrity algorithm',
  invalidConfidentialityAlgorithm: 'an unknown confidentiality algorithm',
  invalidRole: 'an unknown privilege level',
  invalidNameLength: 'the user name is too long',
};

/** Also of a call of `virsh` that did not fail: `ok` stays as it is. */
export function failureText(kind: string): string {
  return wordsFor(failureWords, kind);
}

export function refusalText(reason: string): string {
  return wordsFor(refusalWords, reason);
}

function wordsFor(words: Readonly<Record<string, string>>, name: string): string {
  return Object.hasOwn(words, name) ? (words[name] ?? name) : name;
}
