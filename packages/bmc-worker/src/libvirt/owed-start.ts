/** Whether a start that is owed is still wanted: what libvirt knows of the domain since it was switched off. */
import type { DomainFailure, DomainFailureKind, DomainState } from '../core/terms/domain-action.ts';
import { meets } from './chassis-control.ts';
import { failed, succeeded, type DomainConnection, type Result } from './domain-connection.ts';
import { parseDomainState, parseOffReason } from './domain-state.ts';
import { hasManagedSave } from './managed-save.ts';
import { domainFailure } from './virsh-error.ts';

/** Failures that say nothing about the domain: libvirt is away, does not answer, or was not reached. Another attempt makes sense. */
const ofConnection: ReadonlySet<DomainFailureKind> = new Set([
  'hypervisorUnreachable',
  'deadlineExceeded',
  'virshInterrupted',
]);

export function isOfConnection({ kind }: DomainFailure): boolean {
  return ofConnection.has(kind);
}

/**
 * libvirt's reasons for a domain that is off after this BMC has destroyed it: that, the loss of its process with libvirtd or the
 * host (`unknown` after a restart of libvirtd), or an earlier attempt to start it. Others tell of somebody: its guest has shut
 * itself down, it was saved, a snapshot was reverted to.
 */
const ownReasons: ReadonlySet<string> = new Set(['destroyed', 'unknown', 'crashed', 'failed', 'daemon']);

export type OwedLook =
  | { readonly is: 'on'; readonly domainState: DomainState }
  /** libvirt has begun a start and has not finished it: it may fail, and the domain is off then. */
  | { readonly is: 'startingUp' }
  | { readonly is: 'wanted' }
  /** Another program has done something with the domain, so that the start is not wanted any more. */
  | { readonly is: 'overtaken'; readonly why: string };

function overtaken(why: string): Result<OwedLook> {
  return succeeded({ is: 'overtaken', why });
}

/** Looks whether the domain with this UUID is off, and nobody has done anything with it since. */
export async function lookAtOwed(domain: DomainConnection, uuid: string): Promise<Result<OwedLook>> {
  const printed = await domain.run('domstate', '--reason');
  if (!printed.ok) {
    if (printed.failure.kind === 'domainNotFound') return overtaken('there is no such domain any more');
    return failed(printed.failure);
  }
  const domainState = parseDomainState(printed.stdout);
  if (domainState === undefined)
    return failed(domainFailure('virshFailed', 'virsh domstate printed no state that libvirt knows'));
  const present = await domain.readUuid();
  if (!present.ok) return present;
  if (present.value !== uuid) return overtaken('the name belongs to another domain now');
  if (domainState === 'migratedAway') return overtaken('the domain was migrated away to another host');
  if (domainState === 'startingUp') return succeeded({ is: 'startingUp' });
  if (!meets('off', domainState)) return succeeded({ is: 'on', domainState });
  const reason = parseOffReason(printed.stdout) ?? 'unknown';
  if (!ownReasons.has(reason)) return overtaken(`another cause has ended the domain since: ${reason}`);
  const saved = await hasManagedSave(domain);
  if (!saved.ok) return saved;
  return saved.value
    ? overtaken("somebody has saved the domain's memory since")
    : succeeded({ is: 'wanted' });
}
