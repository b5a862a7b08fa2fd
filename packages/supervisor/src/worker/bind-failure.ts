/** Why a BMC's socket cannot be bound, with the remedy. */

export interface BindFailure {
  /** The errno name. */
  readonly code: string;
  /** The system's message. */
  readonly detail: string;
  readonly address: string;
  readonly port: number;
}

/**
 * Whether only the address is missing on this machine. It may still appear: by DHCP, with an interface, or (IPv6) when
 * duplicate address detection is over.
 */
export function lacksAddress({ code, address }: Pick<BindFailure, 'code' | 'address'>): boolean {
  // bind(2) reports EINVAL for `fe80::1%eth9` while there is no eth9.
  return code === 'EADDRNOTAVAIL' || (code === 'EINVAL' && address.includes('%'));
}

/** `owner`: the process that has the port, if known. */
export function describeBindFailure(failure: BindFailure, owner = 'another process'): string {
  const { code, detail, address, port } = failure;
  if (lacksAddress(failure)) {
    return `waiting for ${address}, which is no address of this machine (yet): add it to an interface or choose another address`;
  }
  switch (code) {
    case 'EADDRINUSE':
      return `port ${port}/udp is in use by ${owner}: stop it or choose another port`;
    case 'EACCES':
      return `port ${port}/udp may not be bound by this user: grant CAP_NET_BIND_SERVICE or choose a port above 1023`;
    default:
      return `port ${port}/udp on ${address} cannot be bound: ${detail}`;
  }
}
