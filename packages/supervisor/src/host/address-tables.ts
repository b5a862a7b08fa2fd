/** Reads the host's own addresses from two tables of the kernel, in /proc/self/net. Pure. */

/** The text of `fib_trie`, the IPv4 routes, and of `if_inet6`, which is missing where the kernel has no IPv6. */
export interface AddressTables {
  readonly fibTrie: string;
  readonly ifInet6: string;
}

export interface LocalAddresses {
  readonly ipv4: readonly string[];
  /** Link-local ones with the interface: `fe80::1%eth0`. */
  readonly ipv6: readonly string[];
}

/** Flags of an IPv6 address (linux/if_addr.h). */
const OPTIMISTIC = 0x04;
const DUPLICATE = 0x08;
const TENTATIVE = 0x40;
const LINK_SCOPE = 0x20;

export function readAddressTables({ fibTrie, ifInet6 }: AddressTables): LocalAddresses {
  return { ipv4: readIpv4(fibTrie), ipv6: readIpv6(ifInet6) };
}

/**
 * The kernel lists an address with its routes, one of which is `/32 host LOCAL`. A whole network that is local
 * (`ip route add local`) has no such route.
 */
function readIpv4(fibTrie: string): readonly string[] {
  const found = fibTrie.matchAll(/\|-- ([0-9.]+)\n((?: +\/.*\n?)+)/g);
  const local = [...found].flatMap(([, address = '', routes = '']) =>
    /^ +\/32 host LOCAL/m.test(routes) ? [address] : [],
  );
  return [...new Set(local)].sort();
}

interface Ipv6Line {
  readonly address: string;
  readonly isLinkLocal: boolean;
  readonly interfaceName: string;
}

/**
 * A link-local address counts only if its interface has another IPv6 address. Where it has none, an answer to a neighbour can
 * leave from no other address; and each running guest has such an interface, whose address comes and goes with it.
 */
function readIpv6(ifInet6: string): readonly string[] {
  const lines = ifInet6.split('\n').flatMap(readIpv6Line);
  const counts = new Map<string, number>();
  for (const { interfaceName } of lines) counts.set(interfaceName, (counts.get(interfaceName) ?? 0) + 1);
  return lines
    .filter(({ isLinkLocal, interfaceName }) => !isLinkLocal || (counts.get(interfaceName) ?? 0) > 1)
    .map(({ address, isLinkLocal, interfaceName }) => (isLinkLocal ? `${address}%${interfaceName}` : address))
    .sort();
}

/** Address, number of the interface, length of the prefix, scope, flags (all hexadecimal), name of the interface. */
function readIpv6Line(line: string): readonly Ipv6Line[] {
  const [digits = '', , , scope = '', flagDigits = '', interfaceName] = line.trim().split(/\s+/);
  if (!/^[0-9a-f]{32}$/.test(digits) || interfaceName === undefined) return [];
  const flags = Number.parseInt(flagDigits, 16);
  // It cannot be bound before the check for duplicates is over, nor if there is one.
  const isChecked = (flags & TENTATIVE) === 0 || (flags & OPTIMISTIC) !== 0;
  if (!isChecked || (flags & DUPLICATE) !== 0) return [];
  const groups = digits.match(/.{4}/g) ?? [];
  const address = new URL(`http://[${groups.join(':')}]`).hostname.slice(1, -1);
  return [{ address, isLinkLocal: Number.parseInt(scope, 16) === LINK_SCOPE, interfaceName }];
}
