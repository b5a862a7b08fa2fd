/** IPMI's two's complement checksum: the sum of the bytes and their checksum is 0 modulo 256 (v2.0§13.8). */
export function checksum(bytes: Uint8Array): number {
  let sum = 0;
  for (const byte of bytes) sum += byte;
  return -sum & 0xff;
}
