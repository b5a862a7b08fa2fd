import { plainAddress } from './remote-address.ts';

/**
 * The source that limits count as one: an IPv4 address (`192.0.2.7`), or an IPv6 /64 (`2001:db8:0:0::/64`), because a
 * client that has one address of a /64 has all of them. `address` is in the system's notation; an IPv4 client on a
 * dual-stack socket counts as IPv4.
 */
export function sourceOf(address: string): string {
  const plain = plainAddress(address);
  if (!plain.includes(':')) return plain;
  const [head = '', tail] = plain.split('::');
  const groups = head === '' ? [] : head.split(':');
  if (tail !== undefined) {
    const after = tail === '' ? 0 : tail.split(':').length + (tail.includes('.') ? 1 : 0);
    while (groups.length < 4 && groups.length + after < 8) groups.push('0');
    if (groups.length < 4) groups.push(...tail.split(':'));
  }
  return `${groups.slice(0, 4).join(':')}::/64`;
}
