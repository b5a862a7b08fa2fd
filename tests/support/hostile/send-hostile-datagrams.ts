import { readFileSync } from 'node:fs';
import type { LabBmc } from '#lab/inventory-text.ts';
import { UdpConsole } from '../console/udp-console.ts';
import { consoleTo } from '../clients/console-to.ts';
import { HostileTraffic } from './hostile-traffic.ts';

/** Far fewer than the kernel keeps for a socket: the test is about the worker, not about the size of a buffer. */
const BATCH = 50;
/** Addresses of the loopback interface, so that no limit per source decides. */
const sources = Array.from({ length: 8 }, (_unused, index) => `127.0.0.${11 + index}`);
const BATCHES_PER_PAUSE = 400;

export interface Delivery {
  readonly datagrams: number;
  readonly seconds: number;
  /** Datagrams that found the socket's buffer full. */
  readonly dropped: number;
}

/** Datagrams that found the socket's buffer full: the last column of proc(5)'s table. */
export function droppedByKernel(port: number): number {
  const hexPort = port.toString(16).toUpperCase().padStart(4, '0');
  const row = new RegExp(`^ *\\d+: [0-9A-F]+:${hexPort} .* (\\d+) *$`, 'm').exec(
    readFileSync('/proc/net/udp', 'utf8'),
  );
  return Number(row?.[1]);
}

/** Datagrams from several addresses, as fast as the worker takes them in; `pause` comes between some of them. */
export async function deliver(
  bmc: LabBmc,
  datagrams: Iterable<Uint8Array>,
  pause: () => Promise<void> = () => Promise.resolve(),
): Promise<Delivery> {
  const attackers = await Promise.all(
    sources.map((localAddress) => UdpConsole.bind(consoleTo(bmc, { localAddress }))),
  );
  const droppedBefore = droppedByKernel(bmc.port);
  const startedAt = performance.now();
  let count = 0;
  const endBatch = async (): Promise<void> => {
    // The socket is read in order: what was sent before the ping has been taken in when the pong comes.
    await attackerOf(count)?.ping();
  };
  const attackerOf = (n: number): UdpConsole | undefined =>
    attackers[Math.floor(n / BATCH) % attackers.length];
  try {
    for (const datagram of datagrams) {
      attackerOf(count)?.send(datagram);
      if ((count + 1) % BATCH === 0) await endBatch();
      if ((count + 1) % (BATCH * BATCHES_PER_PAUSE) === 0) await pause();
      count += 1;
    }
    await endBatch();
    const seconds = (performance.now() - startedAt) / 1000;
    return { datagrams: count, seconds, dropped: droppedByKernel(bmc.port) - droppedBefore };
  } finally {
    for (const attacker of attackers) await attacker.abandon();
  }
}

/** Sends hostile datagrams, made from a session that stays open. */
export async function sendHostileDatagrams(bmc: LabBmc, datagrams: number, seed: number): Promise<Delivery> {
  const traffic = await HostileTraffic.start(bmc, seed);
  const all = function* (): Generator<Uint8Array> {
    for (let made = 0; made < datagrams; made += 1) yield traffic.next();
  };
  try {
    const delivery = await deliver(bmc, all(), () => traffic.check());
    await traffic.check();
    return delivery;
  } finally {
    await traffic.stop();
  }
}
