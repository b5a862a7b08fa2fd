import { plainAddress, type RemoteAddress } from './remote-address.ts';

/** Where a client is, as limits see it. */
export interface Origin {
  /** Without the port; with the interface where the address is valid on one link only: `fe80::1%eth0`. */
  readonly address: string;
  /** What shares of tables are counted by: see `sourceOf`. */
  readonly source: string;
  /** Address and port. */
  readonly endpoint: string;
}

export function originOf({ address, port }: RemoteAddress): Origin {
  const plain = plainAddress(address);
  return { address: plain, source: sourceOf(plain), endpoint: `${plain} ${port}` };
}

/**
 * The source that shares count as one: an IPv4 address (`192.0.2.7`), or an IPv6 /64 (`2001:db8:0:0::/64`), because a
 * client that has one address of a /64 has all of them. Link-local networks of different interfaces are different networks
 * (`fe80:0:0:0::/64%eth0`). `address` is in the system's notation; an IPv4 client on a dual-stack socket counts as IPv4.
 */
export function sourceOf(address: string): string {
  const [plain = '', zone] = plainAddress(address).split('%');
  if (!plain.includes(':')) return plain;
  const [head = '', tail] = plain.split('::');
  const groups = head === '' ? [] : head.split(':');
  if (tail !== undefined) {
    const after = tail === '' ? 0 : tail.split(':').length + (tail.includes('.') ? 1 : 0);
    while (groups.length < 4 && groups.length + after < 8) groups.push('0');
    if (groups.length < 4) groups.push(...tail.split(':'));
  }
  const network = `${groups.slice(0, 4).join(':')}::/64`;
  return zone === undefined ? network : `${network}%${zone}`;
}
