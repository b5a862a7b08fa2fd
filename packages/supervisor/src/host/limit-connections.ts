/** Limits the connections of an HTTP server. Node cannot tell which user a client of a unix socket is. */
import type { IncomingMessage, Server, ServerResponse } from 'node:http';
import type { Socket } from 'node:net';
import { ConnectionLimit } from './connection-limit.ts';

/** `closed` is called for each connection that is closed because there are `most` others. */
export function limitConnections(server: Server, most: number, closed: () => void = () => undefined): void {
  const limit = new ConnectionLimit<Socket>(most);
  server.on('connection', (socket: Socket) => {
    const excess = limit.add(socket);
    socket.once('close', () => {
      limit.remove(socket);
    });
    if (excess === undefined) return;
    excess.destroy();
    closed();
  });
  // Before the listener that may answer at once.
  server.prependListener('request', ({ socket }: IncomingMessage, response: ServerResponse) => {
    limit.works(socket);
    response.once('prefinish', () => {
      limit.isAnswered(socket);
    });
  });
}
