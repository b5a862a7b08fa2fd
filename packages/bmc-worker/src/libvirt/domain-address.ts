/**
 * Naming a domain to virsh so that no other domain can be meant.
 *
 * virsh takes `--domain WORD` for an id first, for a UUID next, and for a name last (tools/virsh-util.c,
 * virshLookupDomainInternal): a domain *named* `1` is shadowed by whichever domain has id 1 now, and one
 * named like another's UUID by that other. Every other name is exact, leading `-` included, because virsh takes the
 * word after `--domain` as it stands. So plain names are given as they are, which also follows a name from
 * one domain to the next when operators rename; the ambiguous ones are looked up in
 * `virsh list --all --uuid --name` before each action, and given by UUID.
 */
import type { DomainFailure } from '../core/terms/domain-action.ts';
import type { Virsh } from './virsh.ts';
import { domainFailure } from './virsh-error.ts';
import { readDomainList, UUID_TEXT_LENGTH } from './domain-list.ts';

/** Whether virsh may take this name for an id (strtol(3), so blanks and a sign go too) or a UUID. */
export function isAmbiguousName(domainName: string): boolean {
  return /^\s*[+-]?\d+$/.test(domainName) || Buffer.byteLength(domainName) === UUID_TEXT_LENGTH;
}

export type DomainAddress =
  /** `address` goes after `--domain`; `uuid` is there when it had to be looked up. */
  | { readonly ok: true; readonly address: string; readonly uuid?: string }
  | { readonly ok: false; readonly failure: DomainFailure };

/** The word for `--domain`: costs a `virsh` call for ambiguous names, nothing for the others. */
export async function addressDomain(
  virsh: Virsh,
  domainName: string,
  signal?: AbortSignal,
): Promise<DomainAddress> {
  if (!isAmbiguousName(domainName)) return { ok: true, address: domainName };
  const listed = await virsh('list', ['--all', '--uuid', '--name'], signal && { signal });
  if (!listed.ok) return listed;
  const uuid = readDomainList(listed.stdout).get(domainName.trimEnd());
  if (uuid !== undefined) return { ok: true, address: uuid, uuid };
  return { ok: false, failure: domainFailure('domainNotFound', `libvirt lists no domain ${domainName}`) };
}
