/** Classifies a failure by what `virsh` wrote to stderr. Pure. */
import type { DomainFailure, DomainFailureKind } from '../core/terms/domain-action.ts';
import { connectionTrouble, isRefusal, quoteConnectionError, remedyOfTrouble } from './connection-trouble.ts';

/** virsh has reached no libvirt, and has sent no command. */
export const failedToConnect = /failed to connect to the hypervisor/i;

/**
 * libvirt's messages under LC_ALL=C (src/util/virerror.c `virErrorMsgStrings`, src/rpc/virnetsocket.c,
 * tools/virsh-util.c). The first match wins, so specific messages come first: a socket that refuses this
 * user is also reported as "failed to connect to the hypervisor", and `failed to get domain` is also
 * printed after a lookup that was denied.
 */
const kindByMessage: readonly (readonly [RegExp, DomainFailureKind])[] = [
  [/authentication (failed|unavailable|cancelled)/i, 'permissionDenied'],
  [/access denied/i, 'permissionDenied'],
  [/operation \S* ?forbidden|read only access/i, 'permissionDenied'],
  [/Failed to connect socket to .*: Permission denied/i, 'permissionDenied'],
  [/Permission denied \(|Host key verification failed|REMOTE HOST IDENTIFICATION/i, 'permissionDenied'],
  [failedToConnect, 'hypervisorUnreachable'],
  [/no connection driver available/i, 'hypervisorUnreachable'],
  [/unable to connect to server|Failed to connect socket/i, 'hypervisorUnreachable'],
  [
    /End of file while reading data|Cannot (recv|write) data|client socket is closed/i,
    'hypervisorUnreachable',
  ],
  [/Disconnected from|Connection reset by peer|keepalive timeout/i, 'hypervisorUnreachable'],
  [/Domain not found|no domain with matching/i, 'domainNotFound'],
  // libvirt's own timeout: another operation holds the domain's job lock (VIR_ERR_OPERATION_TIMEOUT).
  [/Timed out during operation|cannot acquire state change lock/i, 'deadlineExceeded'],
  [/metadata not found/i, 'virshFailed'],
  [/Requested operation is not valid/i, 'invalidInPresentState'],
  [
    /Domain is already active|domain is not running|guest is not in suspended state/i,
    'invalidInPresentState',
  ],
  [/failed to get domain/i, 'domainNotFound'],
];

/** `undefined`: the message says all. */
const remedyByKind: Readonly<Record<DomainFailureKind, string | undefined>> = {
  domainNotFound: 'check domain_name against `virsh list --all`',
  hypervisorUnreachable: 'check libvirt_uri and that the libvirt daemon runs',
  connectionLost: 'ask for the power status: the command may have been carried out',
  permissionDenied: 'check the polkit rule of the user that vbmcd runs as',
  deadlineExceeded: undefined,
  calledOff: undefined,
  invalidInPresentState: undefined,
  domainCrashed: undefined,
  notAchieved: undefined,
  noteNotRemoved: undefined,
  notExpressible: undefined,
  virshMissing: 'install the package libvirt-clients',
  virshInterrupted: undefined,
  virshFailed: undefined,
};

/** Longest quotation of stderr in a message, in characters. */
const QUOTATION_LENGTH = 300;

/** The kind of the failure that virsh's stderr reports; `virshFailed` for messages that are not known. */
export function classifyVirshError(stderr: string): DomainFailureKind {
  return kindByMessage.find(([pattern]) => pattern.test(stderr))?.[1] ?? 'virshFailed';
}

/**
 * One line of bounded length from virsh's stderr. Only lines that begin with `error: ` are quoted: below an XML
 * error libvirt prints the offending line of the definition, which may be the one with the VNC password.
 */
export function quoteVirshError(stderr: string): string {
  const lines = stderr.split('\n').filter((line) => line.startsWith('error: '));
  const text = lines.map((line) => line.slice('error: '.length)).join('; ');
  // A domain's name may contain control characters; a log line must not.
  const printable = text.replace(/\p{Cc}+/gu, ' ').trim();
  return printable.length > QUOTATION_LENGTH ? `${printable.slice(0, QUOTATION_LENGTH)}…` : printable;
}

/** Longest message without its remedy, in characters: the supervisor takes no text of any length from a worker. */
const MESSAGE_LENGTH = 600;

/** A failure with its remedy, if its kind has one. `what` must not contain a secret. */
export function domainFailure(kind: DomainFailureKind, what: string): DomainFailure {
  return withRemedy(kind, what, remedyByKind[kind]);
}

/** Why a virsh has failed, from what it wrote. `name`: of the call. */
export function virshFailure(
  { name, connectionUri }: { readonly name: string; readonly connectionUri: string },
  { stderr, exitCode }: { readonly stderr: string; readonly exitCode: number },
): DomainFailure {
  const classified = classifyVirshError(stderr);
  const trouble = ofConnection.has(classified) ? connectionTrouble(stderr, connectionUri) : undefined;
  const kind = trouble !== undefined && isRefusal(trouble) ? 'permissionDenied' : classified;
  const quoted = failedToConnect.test(stderr)
    ? `failed to connect to the hypervisor: ${quoteConnectionError(stderr)}`
    : quoteVirshError(stderr);
  const what = quoted === '' ? `exit ${exitCode} without an explanation` : quoted;
  const remedy = trouble === undefined ? remedyByKind[kind] : remedyOfTrouble(trouble);
  return withRemedy(kind, `${name}: ${what}`, remedy);
}

const ofConnection: ReadonlySet<DomainFailureKind> = new Set(['permissionDenied', 'hypervisorUnreachable']);

function withRemedy(kind: DomainFailureKind, what: string, remedy: string | undefined): DomainFailure {
  const bounded = what.slice(0, MESSAGE_LENGTH);
  return { kind, message: remedy === undefined ? bounded : `${bounded} (${remedy})` };
}
