/**
 * Whether a valid address is an IPv6 address. Node's `isIPv6` also checks that it is valid, which is known here: compiling its
 * regular expression takes 3 ms of each worker's start, and 0.1 MB.
 */
export function isIpv6(address: string): boolean {
  return address.includes(':');
}
