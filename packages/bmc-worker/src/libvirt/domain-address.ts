/**
 * Names a domain to virsh unambiguously.
 *
 * virsh takes the argument of `--domain` for an id first, for a UUID next, and for a name last (tools/virsh-util.c,
 * virshLookupDomainInternal): a domain *named* `1` is shadowed by the domain that has id 1 now, and a domain named like
 * another's UUID by that other. Every other name is exact, even one that begins with `-`, because virsh takes the
 * argument after `--domain` literally. So plain names are passed unchanged, which also follows a name from one domain
 * to the next when operators rename. Ambiguous names are looked up in `virsh list --all --uuid --name` before each
 * action, and passed as UUIDs.
 */
import type { DomainFailure } from '../core/terms/domain-action.ts';
import type { Virsh } from './virsh.ts';
import { domainFailure } from './virsh-error.ts';
import { readDomainList, UUID_TEXT_LENGTH } from './domain-list.ts';

/**
 * Whether virsh may take this name for an id (strtol(3), which accepts leading blanks and a sign) or for a UUID, which
 * it tries on arguments of exactly this many bytes.
 */
export function isAmbiguousName(domainName: string): boolean {
  return /^\s*[+-]?\d+$/.test(domainName) || Buffer.byteLength(domainName) === UUID_TEXT_LENGTH;
}

export type DomainAddress =
  /** `address` goes after `--domain`; `uuid` is present if it had to be looked up. */
  | { readonly ok: true; readonly address: string; readonly uuid?: string }
  | { readonly ok: false; readonly failure: DomainFailure };

/** Finds the argument for `--domain`: takes a `virsh` call for ambiguous names, and none for the others. */
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
