/** Why a BMC's socket cannot be bound, in words that name the remedy. */

/** `code` is the errno name, `detail` what the system said, `owner` who has the port, if that is known. */
export function describeBindFailure(
  code: string,
  detail: string,
  address: string,
  port: number,
  owner?: string,
): string {
  switch (code) {
    case 'EADDRINUSE':
      return `port ${port}/udp is in use by ${owner ?? 'another process'}: stop it or choose another port`;
    case 'EADDRNOTAVAIL':
      return `${address} is not an address of this machine (yet): configure it or choose another address`;
    case 'EACCES':
      return `port ${port}/udp may not be bound by this user: grant CAP_NET_BIND_SERVICE or choose a port above 1023`;
    default:
      return `port ${port}/udp on ${address} cannot be bound: ${detail}`;
  }
}
