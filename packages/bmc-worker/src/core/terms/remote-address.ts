/** The address that a datagram came from and that its answer goes to. */
export interface RemoteAddress {
  readonly address: string;
  readonly port: number;
  /** The address of this host that the datagram was sent to, if the shell knows it: the answer leaves from there. */
  readonly localAddress?: string;
}

/** Turns the address of an IPv4 client on a dual-stack socket (`::ffff:192.0.2.7`) into IPv4. */
export function plainAddress(address: string): string {
  return address.startsWith('::ffff:') && address.includes('.') ? address.slice('::ffff:'.length) : address;
}

/** The 4 bytes of an IPv4 address; zeros for IPv6. */
export function ipv4BytesOf({ address }: RemoteAddress): Uint8Array {
  const plain = plainAddress(address);
  return plain.includes(':') ? new Uint8Array(4) : Uint8Array.from(plain.split('.'), Number);
}

/** For events: `192.0.2.7:40123`, `[2001:db8::7]:40123`. */
export function remoteAddressText({ address, port }: RemoteAddress): string {
  const plain = plainAddress(address);
  return plain.includes(':') ? `[${plain}]:${port}` : `${plain}:${port}`;
}
