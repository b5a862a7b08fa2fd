import { createSocket } from 'node:dgram';
import { once } from 'node:events';
import type { Line } from './closed-loop.ts';
import type { EchoJob, LoadResult } from './load-job.ts';
import { runLoops } from './run-loops.ts';

/** A suite 3 Get Chassis Status request has as many bytes. */
const DATAGRAM_LENGTH = 76;
const MOST_PER_SECOND = 120_000;

export async function loadWithEchoes({ port, clients, seconds }: EchoJob): Promise<LoadResult> {
  const datagram = new Uint8Array(DATAGRAM_LENGTH).fill(0x5a);
  const requests = new Array<Uint8Array>(Math.ceil((MOST_PER_SECOND * seconds) / clients)).fill(datagram);
  const examine = (answer: Uint8Array): string | undefined =>
    Buffer.compare(answer, datagram) === 0 ? undefined : 'another datagram than the one sent';
  const lines = [];
  for (let n = 0; n < clients; n += 1) lines.push(await connectedLine(port));
  try {
    const loaded = lines.map(({ line }) => ({ line, target: 0, requests, examine }));
    return await runLoops(loaded, { targets: 1, seconds, pauseMs: 0 });
  } finally {
    for (const { close } of lines) close();
  }
}

async function connectedLine(port: number): Promise<{ line: Line; close: () => void }> {
  const socket = createSocket('udp4');
  socket.bind(0);
  await once(socket, 'listening');
  const connected = once(socket, 'connect');
  socket.connect(port, '127.0.0.1');
  await connected;
  const line: Line = {
    send: (datagram) => {
      socket.send(datagram);
    },
    divert: (listener) => {
      socket.on('message', listener);
    },
  };
  return { line, close: () => socket.close() };
}
