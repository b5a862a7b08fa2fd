/** A TCP link to a port of this host that is slow, loses packets, goes silent or is cut, as links to other hosts do. */
import { once } from 'node:events';
import { connect, createServer, type AddressInfo, type Socket } from 'node:net';

export interface LinkOptions {
  /** Before the other side learns of a connection: a slow login. */
  readonly connectMs?: number;
  /** For each direction. */
  readonly delayMs?: number;
  /** The share of the pieces that are lost. TCP sends them again, so they come later, and so does what follows them. */
  readonly lossShare?: number;
}

export interface SlowLink {
  readonly port: number;
  /** How many connections there were. */
  readonly count: () => number;
  /** How many there are. */
  readonly open: () => number;
  /** Ends all connections, as the end of the process on the other side does. */
  readonly cut: () => void;
  /** While it is silent nothing passes, and nobody is told. */
  readonly setSilent: (isSilent: boolean) => void;
  /** While it is closed, new connections are refused. */
  readonly setClosed: (isClosed: boolean) => Promise<void>;
  readonly stop: () => void;
}

/** From the loss of a packet until the next one that is acknowledged shows it, beside the delay of the link. */
const RETRANSMISSION_MS = 200;

export async function startSlowLink(targetPort: number, options: LinkOptions = {}): Promise<SlowLink> {
  const { connectMs = 0, delayMs = 0, lossShare = 0 } = options;
  const sockets = new Set<Socket>();
  let count = 0;
  let isSilent = false;
  const join = (from: Socket, to: Socket): void => {
    let dueAt = 0;
    const later = (act: () => void): void => {
      const lostMs = Math.random() < lossShare ? RETRANSMISSION_MS + 2 * delayMs : 0;
      dueAt = Math.max(dueAt, performance.now() + delayMs + lostMs);
      setTimeout(act, dueAt - performance.now());
    };
    from.on('data', (piece) => {
      if (!isSilent) later(() => to.write(piece));
    });
    from.on('error', () => to.destroy());
    from.on('close', () => {
      if (!isSilent)
        later(() => {
          to.destroy();
        });
    });
  };
  const server = createServer({ noDelay: true }, (near) => {
    count += 1;
    sockets.add(near);
    near.pause();
    near.on('error', () => undefined);
    near.once('close', () => sockets.delete(near));
    setTimeout(() => {
      const far = connect({ port: targetPort, host: '127.0.0.1', noDelay: true });
      far.on('error', () => near.destroy());
      far.once('connect', () => {
        join(near, far);
        join(far, near);
        near.resume();
      });
    }, connectMs);
  });
  const listen = async (port: number): Promise<void> => {
    server.listen(port, '127.0.0.1');
    await once(server, 'listening');
  };
  await listen(0);
  const { port } = server.address() as AddressInfo;
  const cut = (): void => {
    for (const socket of sockets) socket.destroy();
  };
  return {
    port,
    count: () => count,
    open: () => sockets.size,
    cut,
    setSilent: (isSo) => {
      isSilent = isSo;
    },
    setClosed: async (isClosed) => {
      if (isClosed) server.close();
      else await listen(port);
    },
    stop: () => {
      server.close();
      cut();
    },
  };
}
