/** Addresses that mean every address of the host. Pure. */
import { isIPv6 } from 'node:net';

export function isWildcardIpv6(address: string): boolean {
  return isIPv6(address) && /^[0:]+$/.test(address);
}

export function isWildcard(address: string): boolean {
  return address === '0.0.0.0' || isWildcardIpv6(address);
}
