/**
 * The two sockets of the control interface. One is for the members of its group. The other is reserved for vbmcd's own
 * user and root: whoever holds all connections of the first keeps neither them nor the watchdog's question away.
 */
import { mkdir, stat } from 'node:fs/promises';
import type { Server } from 'node:http';
import { dirname } from 'node:path';
import type { Clock } from '../host/clock.ts';
import { controlSocketPath, reservedSocketPath } from '../host/run-directory.ts';
import type { Log } from '../log/log.ts';
import { giveToGroup, listenOnControlSocket, type Answerer } from './control-socket.ts';

/** One of the two sockets. */
interface ControlSocket {
  readonly path: string;
  readonly answerer: Answerer;
  /** Of the directory that it is in. */
  readonly directoryMode: number;
}

interface Listening {
  readonly server: Server;
  /** Identifies the file of the socket. */
  readonly inode: number;
}

export class ControlSockets {
  readonly #shared: ControlSocket;
  readonly #reserved: ControlSocket;
  readonly #clock: Clock;
  readonly #log: Log;
  readonly #listening = new Map<ControlSocket, Listening>();
  #groupId: number | undefined;
  /** Those that could not be made anew, which is told once. */
  readonly #lost = new Set<ControlSocket>();
  #closed = false;

  constructor(
    runDirectory: string,
    newAnswerer: () => Answerer,
    { clock, log }: { readonly clock: Clock; readonly log: Log },
  ) {
    this.#shared = {
      path: controlSocketPath(runDirectory),
      answerer: newAnswerer(),
      directoryMode: 0o755,
    };
    this.#reserved = {
      path: reservedSocketPath(runDirectory),
      answerer: newAnswerer(),
      directoryMode: 0o700,
    };
    this.#clock = clock;
    this.#log = log;
  }

  /** Resolves when both sockets listen. Rejects with Node's error when one cannot. */
  async open(): Promise<void> {
    for (const socket of [this.#shared, this.#reserved]) await this.#listen(socket);
  }

  /** Lets the members of a group connect to the first socket. Rejects with Node's error when the system refuses that. */
  async giveTo(groupId: number): Promise<void> {
    this.#groupId = groupId;
    await giveToGroup(this.#shared.path, groupId);
  }

  close(): void {
    this.#closed = true;
    for (const { server } of this.#listening.values()) {
      server.close();
      server.closeAllConnections();
    }
    this.#listening.clear();
  }

  /** Makes a socket anew whose file somebody has removed or replaced. Resolves with whether both are there. */
  async restore(): Promise<boolean> {
    for (const socket of [this.#shared, this.#reserved]) {
      const { path } = socket;
      const before = this.#listening.get(socket);
      if (this.#closed || before === undefined || (await inodeOf(path)) === before.inode) continue;
      try {
        await this.#listen(socket);
        before.server.close();
        if (socket === this.#shared && this.#groupId !== undefined) await giveToGroup(path, this.#groupId);
        this.#lost.delete(socket);
        this.#log('warn', `another program has removed ${path}: vbmcd has made it anew`, {
          event: 'controlSocketRestored',
        });
      } catch (error) {
        if (!this.#lost.has(socket)) {
          this.#log('error', `${path} has been removed and cannot be made anew: ${String(error)}`, {
            event: 'controlSocketLost',
          });
        }
        this.#lost.add(socket);
      }
    }
    return this.#lost.size === 0;
  }

  async #listen(socket: ControlSocket): Promise<void> {
    const { path, answerer, directoryMode } = socket;
    await mkdir(dirname(path), { recursive: true, mode: directoryMode });
    const server = await listenOnControlSocket(path, answerer, { clock: this.#clock, log: this.#log });
    this.#listening.set(socket, { server, inode: (await inodeOf(path)) ?? 0 });
  }
}

/** `undefined`: there is no such file. */
async function inodeOf(path: string): Promise<number | undefined> {
  return (await stat(path).catch(() => undefined))?.ino;
}
