import { isIPv6 } from 'node:net';

/** One spelling per address: `0:0::1` is `::1`, `::ffff:192.0.2.1` is `192.0.2.1`. Pure. */
export function canonicalAddress(address: string): string {
  if (!isIPv6(address)) return address;
  const [plain = '', zone] = address.split('%');
  const shortest = new URL(`http://[${plain}]`).hostname.slice(1, -1);
  const mapped = /^::ffff:([0-9a-f]+):([0-9a-f]+)$/.exec(shortest);
  if (mapped?.[1] !== undefined && mapped[2] !== undefined) {
    const words = [Number.parseInt(mapped[1], 16), Number.parseInt(mapped[2], 16)];
    return words.flatMap((word) => [word >> 8, word & 0xff]).join('.');
  }
  return zone === undefined ? shortest : `${shortest}%${zone}`;
}
