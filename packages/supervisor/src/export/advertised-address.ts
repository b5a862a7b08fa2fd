/** The address by which other hosts reach a BMC that answers on all addresses of this host. */
import { isIPv6 } from 'node:net';
import { isWildcardIpv6 } from '../host/wildcard-address.ts';

/** Addresses of this host. */
export interface OwnAddresses {
  /** The source addresses of packets that leave by the default route. */
  readonly defaultRoute: { readonly ipv4?: string; readonly ipv6?: string };
  /** The address of libvirt's own network, `virbr0`. */
  readonly libvirtNetwork?: string;
}

/** Only this host can reach it. Some names mean nothing else (RFC 6761 §6.3). */
export function isLoopback(address: string): boolean {
  if (/^(?:.+\.)?localhost\.?$/i.test(address)) return true;
  return /^(?:::ffff:)?127\./i.test(address) || (isIPv6(address) && /^[0:]*:0*1$/.test(address));
}

/** A guess; `::` is bound for IPv4 too. `undefined` when this host has no address to offer. */
export function guessAddress(wildcard: string, own: OwnAddresses): string | undefined {
  const { ipv4, ipv6 } = own.defaultRoute;
  return ipv4 ?? own.libvirtNetwork ?? (isWildcardIpv6(wildcard) ? ipv6 : undefined);
}
