/** Looks up the addresses by which other hosts may reach this one. */
import { createSocket } from 'node:dgram';
import { once } from 'node:events';
import { networkInterfaces } from 'node:os';
import { defined } from '../text/records.ts';
import type { OwnAddresses } from './advertised-address.ts';

/** Addresses for documentation (RFC 5737, RFC 3849): no network has them, so only the default route leads there. */
const somewhere = { udp4: '192.0.2.1', udp6: '2001:db8::1' } as const;
/** Any port will do, because nothing is sent. */
const DISCARD_PORT = 9;

export async function lookUpOwnAddresses(): Promise<OwnAddresses> {
  const [ipv4, ipv6] = [await sourceAddress('udp4'), await sourceAddress('udp6')];
  const libvirtNetwork = Object.entries(networkInterfaces())
    .filter(([name]) => /^virbr[0-9]+$/.test(name))
    .flatMap(([, addresses]) => addresses ?? [])
    .find(({ family }) => family === 'IPv4')?.address;
  return {
    defaultRoute: defined({ ipv4, ipv6 }),
    ...defined({ libvirtNetwork }),
  };
}

/** Connecting a UDP socket sends nothing; the kernel chooses a route, and with it our address. */
async function sourceAddress(family: 'udp4' | 'udp6'): Promise<string | undefined> {
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
