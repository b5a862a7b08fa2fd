/** Asks the kernel whether an address can be bound. */
import { createSocket } from 'node:dgram';
import { once } from 'node:events';
import { isIPv6 } from 'node:net';

/**
 * Binds a socket to a free port for a moment. Node's list of interfaces does not suffice: it leaves out interfaces
 * without a carrier (a bridge with no guest on it), includes IPv6 addresses whose duplicate address detection is not
 * over, and leaves out routes of type `local`.
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
