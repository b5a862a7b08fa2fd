import { createSocket } from 'node:dgram';
import { once } from 'node:events';

/** Addresses for documentation (RFC 5737, RFC 3849): no network has them, so only the default route leads there. */
const somewhere = { udp4: '192.0.2.1', udp6: '2001:db8::1' } as const;
/** Any port will do, because nothing is sent. */
const DISCARD_PORT = 9;

/** The source address of packets that leave by the default route. Connecting a UDP socket sends nothing; the kernel chooses a route. */
export async function sourceAddress(family: 'udp4' | 'udp6'): Promise<string | undefined> {
  const socket = createSocket(family);
  try {
    socket.connect(DISCARD_PORT, somewhere[family]);
    await once(socket, 'connect');
    const { address } = socket.address();
    return /^(?:127\.|::1$|fe80:)/i.test(address) ? undefined : address;
  } catch {
    // ENETUNREACH: no such route.
    return undefined;
  } finally {
    socket.close();
  }
}
