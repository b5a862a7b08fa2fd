/** Ports and domains that two BMCs both claim. The first BMC in the file keeps them; the later one is invalid. */
import { isIPv6 } from 'node:net';
import { formatEndpoint } from '../text/endpoint.ts';
import type { KeyProblem } from './diagnostic.ts';
import type { BmcSettings } from './inventory.ts';

export interface Conflict {
  /** Position of the later BMC, which becomes invalid. */
  readonly index: number;
  readonly problem: KeyProblem;
}

/** Conflicts among active BMCs; `settings[i]` is `undefined` where an entry is invalid already. */
export function findConflicts(settings: readonly (BmcSettings | undefined)[]): readonly Conflict[] {
  const conflicts: Conflict[] = [];
  const accepted: BmcSettings[] = [];
  for (const [index, bmc] of settings.entries()) {
    if (!bmc?.active) continue;
    const sameEndpoint = accepted.find((other) => collide(other, bmc));
    const sameDomain = accepted.find(
      (other) => other.domainName === bmc.domainName && other.connectionUri === bmc.connectionUri,
    );
    if (sameEndpoint !== undefined) {
      const theirs = formatEndpoint(sameEndpoint.address, sameEndpoint.port);
      const message = `${formatEndpoint(bmc.address, bmc.port)} is taken by [${sameEndpoint.name}] (${theirs})`;
      const remedy = 'give each BMC its own port or address';
      conflicts.push({ index, problem: { key: 'port', message, remedy } });
    }
    if (sameDomain !== undefined) {
      const message = `domain ${bmc.domainName} on ${bmc.connectionUri} already has a BMC, [${sameDomain.name}]`;
      const remedy = 'remove one, or set active = no';
      conflicts.push({ index, problem: { key: 'domain_name', message, remedy } });
    }
    if (sameEndpoint === undefined && sameDomain === undefined) accepted.push(bmc);
  }
  return conflicts;
}

export interface SocketAddress {
  readonly address: string;
  readonly port: number;
}

/** Whether only one of two sockets can be bound at a time; a socket on `::` takes both IPv6 and IPv4. */
export function collide(one: SocketAddress, other: SocketAddress): boolean {
  if (one.port !== other.port) return false;
  const [a, b] = [canonical(one.address), canonical(other.address)];
  if (a === b || a === '::' || b === '::') return true;
  return (a === '0.0.0.0' && !isIPv6(b)) || (b === '0.0.0.0' && !isIPv6(a));
}

/** One spelling per address: `0:0::1` is `::1`, `::ffff:192.0.2.1` is `192.0.2.1`. */
function canonical(address: string): string {
  if (!isIPv6(address)) return address;
  const [plain = '', zone] = address.split('%');
  const shortest = new URL(`http://[${plain}]`).hostname.slice(1, -1);
  const mapped = /^::ffff:([0-9a-f]+):([0-9a-f]+)$/.exec(shortest);
  if (mapped?.[1] !== undefined && mapped[2] !== undefined) {
    const words = [Number.parseInt(mapped[1], 16), Number.parseInt(mapped[2], 16)];
    return words.flatMap((word) => [word >> 8, word & 0xff]).join('.');
  }
  return zone === undefined ? shortest : `${shortest}%${zone}`;
}
