/** On which connection libvirt has a domain. */
import { Refusal } from '../host/operator-error.ts';
import type { BmcSettings } from '../inventory/inventory.ts';
import { printable } from '../text/printable.ts';
import type { UriSource, VirshQueries } from '../virsh/virsh-query.ts';

/** The libvirt of an ordinary user. */
const SESSION_CONNECTION = 'qemu:///session';
const LONGEST_REASON = 500;

export type FoundDomain =
  | { readonly kind: 'found'; readonly connectionUri: string }
  /** No connection has answered; `silent` says why. */
  | { readonly kind: 'notAsked'; readonly silent: string };

/**
 * The connections of a new BMC, likeliest first. An ordinary user's domains are with the system's libvirt, which is VirtualBMC's
 * default, or in their own session.
 */
export function likelyConnections(usual: string, builtIn: string): readonly string[] {
  return [...new Set([usual, builtIn, SESSION_CONNECTION])];
}

export interface Search {
  readonly connectionUris: readonly string[];
  /** Of all these URIs. */
  readonly source: UriSource;
}

/** Asks one connection after the other. Throws a `Refusal` when one has answered, and none has the domain, as VirtualBMC does. */
export async function lookForDomain(
  virsh: VirshQueries,
  settings: BmcSettings,
  search: Search,
): Promise<FoundDomain> {
  const { domainName } = settings;
  const { found, asked, failures } = await findDomain(virsh, settings, search);
  if (found !== undefined) return { kind: 'found', connectionUri: found };
  const silent = failures.join('; ');
  if (asked.length === 0) return { kind: 'notAsked', silent };
  const others = silent === '' ? '' : `; ${silent}`;
  // The first half is VirtualBMC's: scripts look for these words.
  throw new Refusal(
    `No domain with matching name ${printable(domainName)} was found: ${asked.join(' and ')} ${asked.length === 1 ? 'has' : 'have'} no such domain${others}`,
    { remedy: 'define it first, correct the name (--domain-name), or add the BMC all the same (--no-check)' },
  );
}

interface Findings {
  /** The connection that has the domain. */
  readonly found?: string;
  /** Connections that have answered, and do not have it. */
  readonly asked: readonly string[];
  /** What the others said. */
  readonly failures: readonly string[];
}

async function findDomain(
  virsh: VirshQueries,
  { domainName, saslCredentials }: BmcSettings,
  { connectionUris, source }: Search,
): Promise<Findings> {
  const asked: string[] = [];
  const failures: string[] = [];
  for (const connectionUri of connectionUris) {
    const list = await virsh.listDomains(connectionUri, saslCredentials, source);
    if (!list.ok)
      failures.push(`${printable(connectionUri)} cannot be asked: ${printable(list.reason, LONGEST_REASON)}`);
    else if (list.domains.includes(domainName)) return { found: connectionUri, asked, failures };
    else asked.push(printable(connectionUri));
  }
  return { asked, failures };
}
