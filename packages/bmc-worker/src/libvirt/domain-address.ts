/**
 * Names a domain to virsh unambiguously.
 *
 * virsh takes the argument of `--domain` for an id first, for a UUID next, and for a name last (tools/virsh-util.c,
 * virshLookupDomainInternal): a domain *named* `1` is shadowed by the domain that has id 1 now, and a domain named like
 * another's UUID by that other. Every other name is exact, even one that begins with `-`, because virsh takes the
 * argument after `--domain` literally. So plain names are passed unchanged, which also follows a name from one domain
 * to the next when operators rename. Ambiguous names are looked up before each action, and passed as UUIDs.
 *
 * The look-up asks about this domain only. libvirt waits for every domain when it lists them, and also when it looks for an id
 * (virDomainObjListFindByID locks one after the other), so one that hangs would keep all domains with such names from being
 * used. Each of these commands leaves out one kind of argument:
 *
 * - `domuuid` takes an id or a name, and no UUID: a name like a UUID is exact there;
 * - `domid` takes a UUID or a name, and no id: a name that is a number is exact there. It prints no UUID, but libvirt's log does;
 * - `domname` takes an id or a UUID, and no name: it tells whose UUID one is.
 */
import type { DomainFailure } from '../core/terms/domain-action.ts';
import { isUuid } from '../core/terms/uuid.ts';
import { readDomainList, UUID_TEXT_LENGTH } from './domain-list.ts';
import { loggedUuid } from './logged-domains.ts';
import type { Virsh, VirshResult } from './virsh.ts';
import { domainFailure } from './virsh-error.ts';

/** An id (strtol(3), which accepts leading blanks and a sign). */
const looksLikeId = /^\s*[+-]?\d+$/;

/** Whether virsh may take this name for an id, or for a UUID, which it tries on arguments of exactly this many bytes. */
export function isAmbiguousName(domainName: string): boolean {
  return looksLikeId.test(domainName) || Buffer.byteLength(domainName) === UUID_TEXT_LENGTH;
}

export type DomainAddress =
  /** `address` goes after `--domain`; `uuid` is present if it had to be looked up. */
  | { readonly ok: true; readonly address: string; readonly uuid?: string }
  | { readonly ok: false; readonly failure: DomainFailure };

/**
 * Finds the argument for `--domain`: takes a call or two of `virsh` for ambiguous names, and none for the others.
 *
 * @param knownUuid - the domain's UUID as last reported. It is checked, because the name may be another domain's by now.
 */
export async function addressDomain(
  virsh: Virsh,
  domainName: string,
  signal?: AbortSignal,
  knownUuid?: string,
): Promise<DomainAddress> {
  if (!isAmbiguousName(domainName)) return { ok: true, address: domainName };
  const ask: Ask = (verb, argument) => virsh(verb, ['--domain', argument], signal && { signal });

  if (knownUuid !== undefined) {
    const named = await isNamed(ask, knownUuid, domainName);
    if (named === true) return addressOf(knownUuid);
    if (named !== false) return named;
  }
  if (looksLikeId.test(domainName)) return addressNumber(virsh, domainName, signal);
  const printed = await ask('domuuid', domainName);
  if (!printed.ok) return printed;
  const uuid = printed.stdout.trim().toLowerCase();
  if (isUuid(uuid)) return addressOf(uuid);
  return { ok: false, failure: domainFailure('virshFailed', 'virsh domuuid printed no UUID') };
}

type Ask = (verb: string, argument: string) => Promise<VirshResult>;
type Failed = Extract<DomainAddress, { ok: false }>;

function addressOf(uuid: string): DomainAddress {
  return { ok: true, address: uuid, uuid };
}

/** Whether the domain with this UUID has the name; false also if there is none any more. */
async function isNamed(ask: Ask, uuid: string, domainName: string): Promise<boolean | Failed> {
  const printed = await ask('domname', uuid);
  if (!printed.ok) return printed.failure.kind === 'domainNotFound' ? false : printed;
  return printed.stdout.replace(/\n+$/, '') === domainName;
}

async function addressNumber(
  virsh: Virsh,
  domainName: string,
  signal: AbortSignal | undefined,
): Promise<DomainAddress> {
  const options = signal && { signal };
  const found = await virsh('domid', ['--domain', domainName], { ...options, logsDomains: true });
  if (!found.ok) return found;
  const logged = loggedUuid(found.log ?? '', domainName);
  if (logged !== undefined) return addressOf(logged);
  // A libvirt that logs something else.
  const listed = await virsh('list', ['--all', '--uuid', '--name'], options);
  if (!listed.ok) return listed;
  const uuid = readDomainList(listed.stdout).get(domainName.trimEnd());
  if (uuid !== undefined) return addressOf(uuid);
  return { ok: false, failure: domainFailure('domainNotFound', `libvirt lists no domain ${domainName}`) };
}
