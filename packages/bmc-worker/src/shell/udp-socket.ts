import { createSocket, type Socket } from 'node:dgram';
import type { RemoteAddress } from '../core/terms/remote-address.ts';
import { isIpv6 } from './is-ipv6.ts';

export interface UdpSocket {
  /** As bound; for port 0 the system chooses the port. */
  readonly address: string;
  readonly port: number;
  /** Gives each datagram to `listener`. To be called right after binding: datagrams that come before are lost. */
  receive(listener: DatagramListener): void;
  /** An error about one datagram (no route, say) is dropped: to the client it is a lost datagram, as UDP allows. */
  send(datagram: Uint8Array, to: RemoteAddress): void;
  close(): void;
}

export type DatagramListener = (from: RemoteAddress, datagram: Uint8Array) => void;

/** There are no names to resolve here, and Node's own `lookup` delays every datagram to the next tick. */
function returnAddress(
  address: string,
  _options: unknown,
  callback: (error: NodeJS.ErrnoException | null, address: string, family: number) => void,
): void {
  // node:dgram ignores the family.
  callback(null, address, 0);
}

async function bind(address: string, port: number): Promise<Socket> {
  const type = isIpv6(address) ? 'udp6' : 'udp4';
  const socket = createSocket({ type, ipv6Only: false, lookup: returnAddress });
  await new Promise<void>((resolve, reject) => {
    socket.once('error', (error) => {
      socket.close();
      reject(error);
    });
    socket.bind({ address, port, exclusive: true }, () => {
      socket.removeAllListeners('error');
      resolve();
    });
  });
  return socket;
}

/** A kernel without IPv6 rejects `::` with one of these. */
const withoutIpv6 = new Set(['EAFNOSUPPORT', 'EADDRNOTAVAIL']);

/**
 * Binds one UDP socket. `::` is both families, or IPv4 alone where the kernel has no IPv6. Rejects with
 * a system error (`code` EADDRINUSE, EADDRNOTAVAIL, EACCES …).
 */
export async function bindUdpSocket(address: string, port: number): Promise<UdpSocket> {
  const socket = await bind(address, port).catch((error: unknown) => {
    if (address === '::' && withoutIpv6.has(errorCode(error))) return bind('0.0.0.0', port);
    throw error;
  });
  const bound = socket.address();
  return {
    address: bound.address,
    port: bound.port,
    receive: (listener) => {
      socket.on('message', (datagram, from) => {
        listener(from, datagram);
      });
    },
    send: (datagram, to) => {
      // An attacker can forge source port 0. It cannot be answered, and `socket.send` would throw.
      if (to.port === 0) return;
      // Without a callback Node drops errors.
      socket.send(datagram, to.port, to.address);
    },
    close: () => {
      socket.close();
    },
  };
}

/** The errno name of a system error, or the empty string. */
export function errorCode(error: unknown): string {
  return typeof error === 'object' && error !== null && 'code' in error && typeof error.code === 'string'
    ? error.code
    : '';
}

/** The address that could not be bound, if Node says it. */
export function errorAddress(error: unknown): { readonly address?: string } {
  return typeof error === 'object' &&
    error !== null &&
    'address' in error &&
    typeof error.address === 'string'
    ? { address: error.address }
    : {};
}
