/** On which connection libvirt has a domain. */
import type { SaslCredentials } from '../inventory/inventory.ts';
import { printable } from '../text/printable.ts';
import type { VirshQueries } from '../virsh/virsh-query.ts';

/** The libvirt of an ordinary user. */
const SESSION_CONNECTION = 'qemu:///session';
const LONGEST_REASON = 500;

export type FoundDomain =
  | { readonly kind: 'found'; readonly connectionUri: string }
  /** No connection that has answered has it; `silent` says what the others said. */
  | { readonly kind: 'unknown'; readonly asked: readonly string[]; readonly silent: string }
  /** No connection has answered. */
  | { readonly kind: 'notAsked'; readonly silent: string };

/**
 * The connections of a new BMC, likeliest first. An ordinary user's domains are with the system's libvirt, which is VirtualBMC's
 * default, or in their own session.
 */
export function likelyConnections(usual: string, builtIn: string): readonly string[] {
  return [...new Set([usual, builtIn, SESSION_CONNECTION])];
}

/** Asks one connection after the other, until one has the domain. */
export async function findDomain(
  virsh: VirshQueries,
  domainName: string,
  connectionUris: readonly string[],
  credentials: SaslCredentials | undefined,
): Promise<FoundDomain> {
  const asked: string[] = [];
  const failures: string[] = [];
  for (const connectionUri of connectionUris) {
    const found = await virsh.listDomains(connectionUri, credentials);
    if (!found.ok)
      failures.push(
        `${printable(connectionUri)} cannot be asked: ${printable(found.reason, LONGEST_REASON)}`,
      );
    else if (found.domains.includes(domainName)) return { kind: 'found', connectionUri };
    else asked.push(printable(connectionUri));
  }
  const silent = failures.join('; ');
  return asked.length === 0 ? { kind: 'notAsked', silent } : { kind: 'unknown', asked, silent };
}
