import type { BmcEvent, WorkerMessage } from '../ipc/protocol.ts';

/** A poller makes two of these a session, and a message of its own for each costs both processes more than the session's cryptography. */
const canWait: ReadonlySet<BmcEvent['kind']> = new Set(['sessionOpened', 'sessionClosed']);
/** How long, in milliseconds: nobody who follows the events sees it. */
const WAIT_MS = 20;
/** And no more of them. */
const MOST_WAITING = 256;

export interface OutboxOptions {
  readonly send: (message: WorkerMessage) => void;
  /** Calls once, later. */
  readonly after: (ms: number, act: () => void) => void;
}

/** What the supervisor is told, in the order in which it happened; that sessions come and go, some at a time. */
export class Outbox {
  readonly #options: OutboxOptions;
  #waiting: BmcEvent[] = [];

  constructor(options: OutboxOptions) {
    this.#options = options;
  }

  post(message: WorkerMessage): void {
    this.flush();
    this.#options.send(message);
  }

  report(event: BmcEvent): void {
    this.#waiting.push(event);
    if (!canWait.has(event.kind) || this.#waiting.length >= MOST_WAITING) {
      this.flush();
    } else if (this.#waiting.length === 1) {
      this.#options.after(WAIT_MS, () => {
        this.flush();
      });
    }
  }

  /** Sends what waits now. */
  flush(): void {
    if (this.#waiting.length === 0) return;
    const events = this.#waiting;
    this.#waiting = [];
    this.#options.send({ type: 'events', events });
  }
}
