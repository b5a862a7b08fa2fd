/** Reads the kernel's tables of UDP sockets, `/proc/net/udp` and `/proc/net/udp6` (proc(5)). Pure. */
import { isIPv6 } from 'node:net';
import { canonicalAddress } from './canonical-address.ts';

/** The inodes of the sockets that are bound to `port`: on any address, or so that none can be bound to `address`. */
export function socketInodes(table: string, port: number, address?: string): readonly string[] {
  const suffix = `:${port.toString(16).toUpperCase().padStart(4, '0')}`;
  const takers = address === undefined ? undefined : takersOf(address);
  return table
    .split('\n')
    .slice(1)
    .map((line) => line.trim().split(/\s+/))
    .filter(
      ([, local = '']) => local.endsWith(suffix) && takers?.has(local.slice(0, -suffix.length)) !== false,
    )
    .flatMap((fields) => fields[9] ?? []);
}

/** As the table writes them: the address itself, and the wildcards. */
function takersOf(address: string): ReadonlySet<string> {
  const canonical = canonicalAddress(address);
  const bytes = isIPv6(canonical) ? ipv6Bytes(canonical) : canonical.split('.').map(Number);
  const hex = bytes.map((byte) => byte.toString(16).toUpperCase().padStart(2, '0'));
  const words = Array.from({ length: hex.length / 4 }, (_, index) => hex.slice(4 * index, 4 * index + 4));
  // Each word is in the byte order of the host.
  const own = [words.flatMap((word) => word.toReversed()), words.flat()].map((digits) => digits.join(''));
  return new Set([...own, '0'.repeat(8), '0'.repeat(32)]);
}

function ipv6Bytes(address: string): readonly number[] {
  const [head = '', tail] = (address.split('%')[0] ?? '').split('::');
  const wordsOf = (text: string): readonly string[] => text.split(':').filter((word) => word !== '');
  const [before, after] = [wordsOf(head), wordsOf(tail ?? '')];
  const zeros = Array.from({ length: 8 - before.length - after.length }, () => '0');
  return [...before, ...zeros, ...after].flatMap((word) => {
    const number = Number.parseInt(word, 16);
    return [number >> 8, number & 0xff];
  });
}
