/** Ports and domains that two BMCs both claim. The first BMC in the file keeps them; the later one is invalid. */
import { isIPv4, isIPv6 } from 'node:net';
import { canonicalAddress } from '../host/canonical-address.ts';
import { formatEndpoint } from '../text/endpoint.ts';
import { canonicalHostName, isHostName } from '../text/host-name.ts';
import type { KeyProblem } from './diagnostic.ts';
import type { BmcSettings } from './inventory.ts';

/**
 * What is wrong with each BMC that claims what an earlier active one has, by its position. `settings[i]` is `undefined` where an
 * entry is invalid already.
 */
export function findConflicts(
  settings: readonly (BmcSettings | undefined)[],
): ReadonlyMap<number, readonly KeyProblem[]> {
  const conflicts = new Map<number, readonly KeyProblem[]>();
  const endpoints = new AcceptedEndpoints();
  const domains = new Map<string, BmcSettings>();
  for (const [index, bmc] of settings.entries()) {
    if (!bmc?.active) continue;
    const domain = JSON.stringify([bmc.connectionUri, bmc.domainName]);
    const problems = [
      endpointProblem(bmc, endpoints.find(bmc)),
      domainProblem(bmc, domains.get(domain)),
    ].filter((problem) => problem !== undefined);
    if (problems.length > 0) {
      conflicts.set(index, problems);
      continue;
    }
    endpoints.add(bmc);
    domains.set(domain, bmc);
  }
  return conflicts;
}

function endpointProblem(bmc: BmcSettings, taken: BmcSettings | undefined): KeyProblem | undefined {
  if (taken === undefined) return undefined;
  const theirs = formatEndpoint(taken.address, taken.port);
  const message = `${formatEndpoint(bmc.address, bmc.port)} is taken by [${taken.name}] (${theirs})`;
  return { key: 'port', message, remedy: 'give each BMC its own port or address' };
}

function domainProblem(bmc: BmcSettings, taken: BmcSettings | undefined): KeyProblem | undefined {
  if (taken === undefined) return undefined;
  const message = `domain ${bmc.domainName} on ${bmc.connectionUri} already has a BMC, [${taken.name}]`;
  return { key: 'domain_name', message, remedy: 'remove one, or set active = no' };
}

/**
 * The BMCs that have their endpoint, none of which are known to collide: which addresses a host name has shows later. Looking one up
 * takes the same time however many there are.
 */
class AcceptedEndpoints {
  readonly #ports = new Map<number, { readonly all: Map<string, BmcSettings>; firstIpv4?: BmcSettings }>();

  add(bmc: BmcSettings): void {
    const port = this.#ports.get(bmc.port) ?? { all: new Map<string, BmcSettings>() };
    this.#ports.set(bmc.port, port);
    const address = canonical(bmc.address);
    port.all.set(address, bmc);
    if (isIPv4(address)) port.firstIpv4 ??= bmc;
  }

  /** The first one that collides with `wanted`. */
  find({ address: written, port: number }: SocketAddress): BmcSettings | undefined {
    const port = this.#ports.get(number);
    if (port === undefined) return undefined;
    const { all, firstIpv4 } = port;
    const address = canonical(written);
    if (address === '::') return all.values().next().value;
    if (address === '0.0.0.0') return firstIpv4 ?? all.get('::');
    return all.get(address) ?? all.get('::') ?? (isIPv4(address) ? all.get('0.0.0.0') : undefined);
  }
}

export interface SocketAddress {
  readonly address: string;
  readonly port: number;
}

/**
 * Whether perhaps only one of two sockets can be bound at a time; a socket on `::` takes both IPv6 and IPv4, and a host name may be any
 * address.
 */
export function mayCollide(one: SocketAddress, other: SocketAddress): boolean {
  if (one.port !== other.port) return false;
  if (isHostName(one.address) || isHostName(other.address)) return true;
  const [a, b] = [canonical(one.address), canonical(other.address)];
  if (a === b || a === '::' || b === '::') return true;
  return (a === '0.0.0.0' && !isIPv6(b)) || (b === '0.0.0.0' && !isIPv6(a));
}

/** One spelling per address and per name. */
function canonical(address: string): string {
  return isHostName(address) ? canonicalHostName(address) : canonicalAddress(address);
}
