import { randomBytes } from 'node:crypto';
import { createSocket } from 'node:dgram';
import { once } from 'node:events';
import { consoleTo } from '#support/clients/console-to.ts';
import { RemoteConsole } from '#support/console/remote-console.ts';
import { askCapabilities } from './ask-capabilities.ts';
import type { ProbeJob, ProbeResult } from './load-job.ts';

/**
 * Asks each target repeatedly until it answers. All share one unconnected socket, so that a port without a listener
 * causes no error.
 */
export async function probe(job: ProbeJob, onStarted: () => void): Promise<ProbeResult> {
  const answeredAtMs = job.targets.map((): number | null => null);
  const waiting = new Map(job.targets.map((target, index) => [target.port, { index, ...target }]));
  const [first] = job.targets;
  if (first === undefined) return { answeredAtMs };
  const remoteConsole = new RemoteConsole({ ...consoleTo(first), randomBytes });
  const datagram = askCapabilities(remoteConsole);
  const socket = createSocket('udp4');
  socket.bind(0);
  await once(socket, 'listening');
  const done = new Promise<void>((resolve) => {
    setTimeout(resolve, job.timeoutMs).unref();
    socket.on('message', (_answer, { port }) => {
      const target = waiting.get(port);
      if (target === undefined) return;
      answeredAtMs[target.index] = performance.timeOrigin + performance.now();
      waiting.delete(port);
      if (waiting.size === 0) resolve();
    });
  });
  const ask = (): void => {
    for (const { address, port } of waiting.values()) socket.send(datagram, port, address);
  };
  ask();
  const asking = setInterval(ask, job.intervalMs);
  onStarted();
  await done;
  clearInterval(asking);
  socket.close();
  return { answeredAtMs };
}
