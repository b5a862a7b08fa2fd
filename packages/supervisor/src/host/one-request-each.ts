/** One request for each connection. Node begins all requests that a client sends at once, before it has written an answer. */
import type { RequestListener } from 'node:http';
import type { Socket } from 'node:net';

/** Answers the first request of a connection, which closes after that, and closes it at once when another comes before. */
export function oneRequestEach(listener: RequestListener): RequestListener {
  const served = new WeakSet<Socket>();
  return (request, response) => {
    const { socket } = request;
    if (served.has(socket)) {
      socket.destroy();
      return;
    }
    served.add(socket);
    response.setHeader('connection', 'close');
    listener(request, response);
  };
}
