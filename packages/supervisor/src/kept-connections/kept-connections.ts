/** The kept connections, one for each connection URI by ssh that a running BMC uses. */
import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import type { KeptConnectionOutlook } from '@vbmc/bmc-worker/ipc';
import { MOST_KEPT_CONNECTIONS } from '../supervision/kept-times.ts';
import { printable } from '../text/printable.ts';
import { keepableUri } from './keepable-uri.ts';
import { KeptConnection, type KeptDependencies } from './kept-connection.ts';
import type { KeptState } from './kept-transitions.ts';

/**
 * The kernel's limit for the path of a unix socket without its final NUL, less what ssh appends to that of its control socket:
 * `.ctl`, and 17 bytes while it makes it.
 */
const SOCKET_PATH_BYTES = 107 - 21;

/** For `vbmc status`. Every key is always present. */
export interface KeptDescription {
  readonly connectionUri: string;
  readonly state: KeptState;
  /** For how long it has been in that state. */
  readonly seconds: number;
  /** Why the last attempt has failed; `null` while it stands, and during the first one. */
  readonly cause: string | null;
}

/** Where a BMC learns by which way its calls may go. */
export interface KeptConnectionSource {
  /** What a BMC that begins to use the connection has to expect; `undefined`: it cannot be kept. */
  outlookOf(connectionUri: string): KeptConnectionOutlook | undefined;
  /** Calls `take` with the outlook now and whenever it changes, until the returned function is called. */
  subscribe(connectionUri: string, take: (outlook: KeptConnectionOutlook) => void): () => void;
}

interface Kept {
  readonly connection: KeptConnection;
  readonly subscribers: Set<(outlook: KeptConnectionOutlook) => void>;
}

function nothing(): void {
  return undefined;
}

export class KeptConnections implements KeptConnectionSource {
  readonly #dependencies: KeptDependencies;
  readonly #kept = new Map<string, Kept>();
  /** The ends of those that nobody uses any more. */
  readonly #ending = new Set<Promise<void>>();

  /** `directory`: for the sockets; it is created when first needed, for this user alone. */
  constructor(directory: string, dependencies: Omit<KeptDependencies, 'newSocketPath'>) {
    let count = 0;
    const newSocketPath = async (): Promise<string> => {
      count += 1;
      const path = join(directory, String(count));
      if (Buffer.byteLength(path) > SOCKET_PATH_BYTES || path.includes(':'))
        throw new Error(
          `the path ${path} is too long for ssh's socket, or has a colon: choose another --run-dir`,
        );
      await mkdir(directory, { recursive: true, mode: 0o700 });
      return path;
    };
    this.#dependencies = { ...dependencies, newSocketPath };
  }

  outlookOf(connectionUri: string): KeptConnectionOutlook | undefined {
    const kept = this.#kept.get(connectionUri);
    if (kept !== undefined && kept.connection.state !== 'idle') return kept.connection.outlook;
    return this.#mayKeep(connectionUri) ? { outlook: 'coming' } : undefined;
  }

  subscribe(connectionUri: string, take: (outlook: KeptConnectionOutlook) => void): () => void {
    const kept = this.#kept.get(connectionUri) ?? this.#newKept(connectionUri);
    if (kept === undefined) {
      take({ outlook: 'none' });
      return nothing;
    }
    kept.connection.take('wanted');
    kept.subscribers.add(take);
    take(kept.connection.outlook);
    return () => {
      if (!kept.subscribers.delete(take) || kept.subscribers.size > 0) return;
      kept.connection.take('unwanted');
      if (this.#kept.get(connectionUri) === kept) this.#kept.delete(connectionUri);
      const { stopped } = kept.connection;
      this.#ending.add(stopped);
      void stopped.finally(() => this.#ending.delete(stopped));
    };
  }

  /**
   * The URI by which a virsh of vbmcd's own may go, when that is known: at once, or when an attempt to connect that is under way has
   * ended. `undefined`: by its own. The watch `demands` an attempt, because it would have to log in otherwise.
   */
  way(
    connectionUri: string,
    { demands }: { readonly demands: boolean },
  ): string | undefined | Promise<string | undefined> {
    const connection = this.#kept.get(connectionUri)?.connection;
    if (connection === undefined) return undefined;
    if (demands) connection.take('demanded');
    if (connection.state !== 'connecting') return connection.outlook.connectionUri;
    return new Promise((resolve) => {
      const leave = this.subscribe(connectionUri, (outlook) => {
        if (connection.state === 'connecting') return;
        resolve(outlook.connectionUri);
        queueMicrotask(() => {
          leave();
        });
      });
    });
  }

  /** A virsh could not connect by the kept connection. */
  doubt(connectionUri: string): void {
    this.#kept.get(connectionUri)?.connection.doubt();
  }

  describe(): readonly KeptDescription[] {
    return [...this.#kept].map(([connectionUri, { connection }]) => ({
      connectionUri: printable(connectionUri),
      state: connection.state,
      seconds: Math.round(connection.stateForMs / 1000),
      cause: connection.cause ?? null,
    }));
  }

  /** Ends all of them. Resolves when no ssh is left. */
  async close(): Promise<void> {
    const connections = [...this.#kept.values()].map(({ connection }) => connection);
    for (const connection of connections) connection.take('unwanted');
    await Promise.all([...this.#ending, ...connections.map(({ stopped }) => stopped)]);
  }

  #mayKeep(connectionUri: string): boolean {
    return this.#kept.size < MOST_KEPT_CONNECTIONS && keepableUri(connectionUri) !== undefined;
  }

  #newKept(connectionUri: string): Kept | undefined {
    const keepable = this.#mayKeep(connectionUri) ? keepableUri(connectionUri) : undefined;
    if (keepable === undefined) return undefined;
    const subscribers: Kept['subscribers'] = new Set();
    const connection = new KeptConnection(connectionUri, keepable, this.#dependencies, () => {
      const { outlook } = connection;
      for (const take of [...subscribers]) take(outlook);
    });
    const kept = { connection, subscribers };
    this.#kept.set(connectionUri, kept);
    return kept;
  }
}
