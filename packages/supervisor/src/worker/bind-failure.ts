/** Why a BMC's socket cannot be bound, in words that name the remedy. */

/**
 * Whether it is only that this machine does not have the address, which may come: by DHCP, with an interface, or
 * (IPv6) when the check for duplicates is over. `code` is the errno name.
 */
export function lacksAddress(code: string, address: string): boolean {
  // bind(2) says EINVAL to `fe80::1%eth9` while there is no eth9.
  return code === 'EADDRNOTAVAIL' || (code === 'EINVAL' && address.includes('%'));
}

/** `code` is the errno name, `detail` what the system said, `owner` who has the port, if that is known. */
export function describeBindFailure(
  code: string,
  detail: string,
  address: string,
  port: number,
  owner?: string,
): string {
  if (lacksAddress(code, address)) {
    return `waiting for ${address}, which is no address of this machine (yet): add it to an interface or choose another address`;
  }
  switch (code) {
    case 'EADDRINUSE':
      return `port ${port}/udp is in use by ${owner ?? 'another process'}: stop it or choose another port`;
    case 'EACCES':
      return `port ${port}/udp may not be bound by this user: grant CAP_NET_BIND_SERVICE or choose a port above 1023`;
    default:
      return `port ${port}/udp on ${address} cannot be bound: ${detail}`;
  }
}
