/** Asks the kernel whether an address can be bound. */
import { createSocket } from 'node:dgram';
import { once } from 'node:events';
import { isIPv6 } from 'node:net';

/**
 * Binds a socket to some free port for a moment. A list of interfaces would not do: Node's leaves out those without a
 * carrier (a bridge with no guest on it), names IPv6 addresses whose check for duplicates is not over, and knows
 * nothing of routes of type `local`.
 */
export async function hasAddress(address: string): Promise<boolean> {
  const socket = createSocket(isIPv6(address) ? 'udp6' : 'udp4');
  try {
    socket.bind({ address, port: 0, exclusive: true });
    await once(socket, 'listening');
    return true;
  } catch {
    return false;
  } finally {
    socket.close();
  }
}
