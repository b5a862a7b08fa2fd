import { createSocket } from 'node:dgram';
import { isIPv6 } from 'node:net';
import { errorCode } from './error-code.ts';

/** Binds the address for a moment, as a worker does; `undefined` when that works, else Node's name for the error. */
export async function probeUdpPort(address: string, port: number): Promise<string | undefined> {
  return new Promise((resolve) => {
    const socket = createSocket(isIPv6(address) ? 'udp6' : 'udp4');
    socket.once('error', (error) => {
      socket.close();
      resolve(errorCode(error) ?? error.message);
    });
    socket.bind({ address, port, exclusive: true }, () => {
      socket.close(() => {
        resolve(undefined);
      });
    });
  });
}
