/** Where a datagram came from and where its answer goes. */
export interface RemoteAddress {
  readonly address: string;
  readonly port: number;
}

/** For events: `192.0.2.7:40123`, `[2001:db8::7]:40123`. An IPv4 peer of a dual-stack socket reads as IPv4. */
export const remoteAddressText = ({ address, port }: RemoteAddress): string => {
  const plain = address.startsWith('::ffff:') ? address.slice('::ffff:'.length) : address;
  return plain.includes(':') ? `[${plain}]:${port}` : `${plain}:${port}`;
};
