/** Returns every datagram to its sender: the cost of node's UDP alone. */
import { createSocket } from 'node:dgram';

const socket = createSocket('udp4');
socket.on('message', (datagram, { address, port }) => {
  socket.send(datagram, port, address, () => undefined);
});
socket.bind(0, '127.0.0.1', () => {
  process.send?.(socket.address().port);
});
process.on('disconnect', () => process.exit(0));
