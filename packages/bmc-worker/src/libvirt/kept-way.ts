/** By which way the next `virsh` connects: by the connection that vbmcd keeps to another host, or by itself. */
import type { KeptConnectionOutlook } from '../ipc/protocol.ts';

/** An attempt that takes longer than a client waits helps nobody; the virsh logs in by itself then. */
const PATIENCE_MS = 8_000;

/** vbmcd learns of a lost connection at the same moment as those who use it. */
const NEWS_MS = 200;

export class KeptWay {
  #now: KeptConnectionOutlook;
  readonly #wakers = new Set<() => void>();

  constructor(outlook: KeptConnectionOutlook = { outlook: 'none' }) {
    this.#now = outlook;
  }

  /** Takes what vbmcd says of the connection. */
  take(outlook: KeptConnectionOutlook): void {
    this.#now = outlook;
    for (const wake of [...this.#wakers]) wake();
  }

  /**
   * Resolves with the URI of the kept connection, or with `undefined`: connect by yourself. Waits while the connection is being made,
   * at most 8 s, and no longer when the signal is aborted.
   */
  async uri(signal?: AbortSignal): Promise<string | undefined> {
    if (this.#now.outlook === 'coming')
      await this.#change(PATIENCE_MS, signal, () => this.#now.outlook !== 'coming');
    return this.#now.connectionUri;
  }

  /** The same for a virsh that could not connect by `failed`. */
  async uriAfter(failed: string, signal?: AbortSignal): Promise<string | undefined> {
    if (this.#now.connectionUri === failed)
      await this.#change(NEWS_MS, signal, () => this.#now.connectionUri !== failed);
    const uri = await this.uri(signal);
    return uri === failed ? undefined : uri;
  }

  async #change(limitMs: number, signal: AbortSignal | undefined, isOver: () => boolean): Promise<void> {
    if (signal?.aborted === true) return;
    await new Promise<void>((resolve) => {
      const end = (): void => {
        clearTimeout(timer);
        this.#wakers.delete(wake);
        signal?.removeEventListener('abort', end);
        resolve();
      };
      const wake = (): void => {
        if (isOver()) end();
      };
      const timer = setTimeout(end, limitMs);
      this.#wakers.add(wake);
      signal?.addEventListener('abort', end);
    });
  }
}
