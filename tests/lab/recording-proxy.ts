import { createSocket } from 'node:dgram';
import { once } from 'node:events';
import type { RecordedDatagram } from '../vectors/recording.ts';

/** Forwards datagrams between one client and a BMC, and keeps a copy of each. */
export async function startRecordingProxy(
  bmcPort: number,
  ownPort: number,
): Promise<{ port: number; datagrams: RecordedDatagram[]; stop: () => void }> {
  const datagrams: RecordedDatagram[] = [];
  const client = createSocket('udp4').bind(ownPort, '127.0.0.1');
  const bmc = createSocket('udp4').bind(0, '127.0.0.1');
  await Promise.all([once(client, 'listening'), once(bmc, 'listening')]);
  let clientPort = 0;
  client.on('message', (datagram, { port }) => {
    clientPort = port;
    datagrams.push({ from: 'remoteConsole', hex: datagram.toString('hex') });
    bmc.send(datagram, bmcPort, '127.0.0.1');
  });
  bmc.on('message', (datagram) => {
    datagrams.push({ from: 'bmc', hex: datagram.toString('hex') });
    client.send(datagram, clientPort, '127.0.0.1');
  });
  const stop = (): void => {
    client.close();
    bmc.close();
  };
  return { port: client.address().port, datagrams, stop };
}
