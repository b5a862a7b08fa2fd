/** Passes datagrams on to another port: ipmiutil knows no port but 623. */
import { createSocket, type Socket } from 'node:dgram';
import { once } from 'node:events';

/** Listens on `address` and port 623 until it is closed. Each client has a socket of its own, as the BMC tells clients apart by port. */
export async function forwardPort623(
  address: string,
  to: { readonly address: string; readonly port: number },
): Promise<{ close: () => void }> {
  const clients = new Map<string, Socket>();
  const server = createSocket('udp4');
  server.on('message', (datagram, { address: host, port }) => {
    const key = `${host}:${port}`;
    let client = clients.get(key);
    if (client === undefined) {
      client = createSocket('udp4', (answer) => {
        server.send(answer, port, host);
      });
      clients.set(key, client);
    }
    client.send(datagram, to.port, to.address);
  });
  server.bind(623, address);
  await once(server, 'listening');
  return {
    close: (): void => {
      for (const socket of [server, ...clients.values()]) socket.close();
    },
  };
}
