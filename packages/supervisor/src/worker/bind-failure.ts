/** Why a BMC's sockets cannot be bound, with the remedy. */
import { nameList } from '../text/name-list.ts';

/** Of one of several addresses; the others suffice. */
export const NO_SUCH_ADDRESS = 'no address of this machine (yet)';

export interface BindFailure {
  /** The errno name. */
  readonly code: string;
  /** The system's message. */
  readonly detail: string;
  /** Those that could not be bound; at least one. */
  readonly addresses: readonly string[];
  /** The host name that has them. */
  readonly hostName?: string;
  readonly port: number;
}

/**
 * Whether only the address is missing on this machine. It may still appear: by DHCP, with an interface, or (IPv6) when
 * duplicate address detection is over.
 */
export function lacksAddress({ code, addresses }: Pick<BindFailure, 'code' | 'addresses'>): boolean {
  // bind(2) reports EINVAL for `fe80::1%eth9` while there is no eth9.
  return code === 'EADDRNOTAVAIL' || (code === 'EINVAL' && addresses.some((one) => one.includes('%')));
}

/** `owner`: the process that has the port, if known. */
export function describeBindFailure(failure: BindFailure, owner = 'another process'): string {
  const { code, detail, addresses, hostName, port } = failure;
  const where = hostName === undefined ? nameList(addresses) : `${nameList(addresses)} (${hostName})`;
  if (lacksAddress(failure)) {
    const which = addresses.length === 1 ? 'which is no' : 'none of which is an';
    const remedy = hostName === undefined ? 'choose another address' : 'correct what the name means';
    return `waiting for ${where}, ${which} address of this machine (yet): add it to an interface or ${remedy}`;
  }
  const socket = hostName === undefined ? `port ${port}/udp` : `port ${port}/udp on ${where}`;
  switch (code) {
    case 'EADDRINUSE':
      return `${socket} is in use by ${owner}: stop it or choose another port`;
    case 'EACCES':
      return `${socket} may not be bound by this user: grant CAP_NET_BIND_SERVICE or choose a port above 1023`;
    default:
      return `port ${port}/udp on ${where} cannot be bound: ${detail}`;
  }
}

/** `failure`: why the name has no address, for a sentence about it. */
export function describeMissingAddress(hostName: string, failure: string): string {
  return `waiting for an address of host name ${hostName}: ${failure}; add it to the hosts file or to the DNS, or choose an address`;
}
