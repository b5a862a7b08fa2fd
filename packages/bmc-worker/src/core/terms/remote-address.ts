/** Where a datagram came from and where its answer goes. */
export interface RemoteAddress {
  readonly address: string;
  readonly port: number;
}

/** An IPv4 peer of a dual-stack socket reads as IPv4. */
export function plainAddress(address: string): string {
  return address.startsWith('::ffff:') && address.includes('.') ? address.slice('::ffff:'.length) : address;
}

/** Its 4 bytes; zeros for an IPv6 peer. */
export function ipv4BytesOf({ address }: RemoteAddress): Uint8Array {
  const plain = plainAddress(address);
  return plain.includes(':') ? new Uint8Array(4) : Uint8Array.from(plain.split('.'), Number);
}

/** For events: `192.0.2.7:40123`, `[2001:db8::7]:40123`. */
export function remoteAddressText({ address, port }: RemoteAddress): string {
  const plain = plainAddress(address);
  return plain.includes(':') ? `[${plain}]:${port}` : `${plain}:${port}`;
}
