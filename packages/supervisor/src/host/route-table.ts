/** Finds in the kernel's table of IPv4 routes, /proc/self/net/route, what surrounds an address of this host. Pure. */

export interface Surroundings {
  readonly interfaceName: string;
  readonly subnetMask: string;
  /** Of the default route by this interface. */
  readonly gateway?: string;
}

interface Route {
  readonly interfaceName: string;
  readonly destination: number;
  readonly gateway: number;
  readonly mask: number;
  readonly metric: number;
}

/** Not in this table of the kernel: its routes are in the local one. */
const loopback: Surroundings = { interfaceName: 'lo', subnetMask: '255.0.0.0' };

/** Flags of a route (linux/route.h). */
const UP = 0x0001;
const GATEWAY = 0x0002;

/** `isLittleEndian`: of this machine, as the kernel prints numbers in network order as if they were in its own. */
export function readSurroundings(
  table: string,
  address: string,
  isLittleEndian: boolean,
): Surroundings | undefined {
  const routes = table.split('\n').flatMap((line) => readRoute(line, isLittleEndian));
  const wanted = numberOf(address);
  // The network of an interface, the smallest that has the address.
  const [network] = routes
    .filter(({ gateway, mask }) => gateway === 0 && mask !== 0)
    .filter(({ destination, mask }) => (wanted & mask) >>> 0 === destination)
    .sort((a, b) => b.mask - a.mask || a.metric - b.metric);
  if (network === undefined) return isLoopback(wanted) ? loopback : undefined;
  const { interfaceName, mask } = network;
  const [byDefault] = routes
    .filter((route) => route.interfaceName === interfaceName && route.mask === 0 && route.gateway !== 0)
    .sort((a, b) => a.metric - b.metric);
  return {
    interfaceName,
    subnetMask: addressOf(mask),
    ...(byDefault !== undefined && { gateway: addressOf(byDefault.gateway) }),
  };
}

/** Interface, destination, gateway, flags, two counters, metric, mask, and more. Its first line has the titles of the columns. */
function readRoute(line: string, isLittleEndian: boolean): readonly Route[] {
  const [interfaceName = '', destination = '', gateway = '', flagDigits = '', , , metric = '', mask = ''] =
    line.trim().split(/\s+/);
  if (![destination, gateway, mask].every((digits) => /^[0-9A-F]{8}$/i.test(digits))) return [];
  const flags = Number.parseInt(flagDigits, 16);
  if ((flags & UP) === 0) return [];
  const read = (digits: string): number => {
    const bytes = digits.match(/../g) ?? [];
    return Number.parseInt((isLittleEndian ? bytes.reverse() : bytes).join(''), 16);
  };
  return [
    {
      interfaceName,
      destination: read(destination),
      gateway: (flags & GATEWAY) === 0 ? 0 : read(gateway),
      mask: read(mask),
      metric: Number(metric),
    },
  ];
}

function isLoopback(address: number): boolean {
  return address >>> 24 === 127;
}

function numberOf(address: string): number {
  return address.split('.').reduce((number, part) => ((number << 8) | Number(part)) >>> 0, 0);
}

function addressOf(number: number): string {
  return [24, 16, 8, 0].map((shift) => (number >>> shift) & 0xff).join('.');
}
