import type { BmcEvent, WorkerMessage } from '../ipc/protocol.ts';

/** A polling client causes two of these per session. A message for each costs both processes more than the session's cryptography. */
const canWait: ReadonlySet<BmcEvent['kind']> = new Set(['sessionOpened', 'sessionClosed']);
/** How long they wait, in milliseconds: too short to be noticed by an operator who follows the events. */
const WAIT_MS = 20;
/** This many are sent at once, without waiting longer. */
const MOST_WAITING = 256;

export interface OutboxOptions {
  readonly send: (message: WorkerMessage) => void;
  /** Calls once, later. */
  readonly after: (ms: number, act: () => void) => void;
  /** Whether the supervisor does not read. Reports are left out then, because they would fill this process's memory. */
  readonly isFull: () => boolean;
}

/** Messages to the supervisor, in order. Events about sessions that open and close are sent several at a time. */
export class Outbox {
  readonly #options: OutboxOptions;
  #waiting: BmcEvent[] = [];
  /** Reports that were left out and that the supervisor does not know of yet. */
  #lost = 0;

  constructor(options: OutboxOptions) {
    this.#options = options;
  }

  post(message: WorkerMessage): void {
    this.flush();
    if (message.type === 'virshCall' && this.#options.isFull()) this.#lost += 1;
    else this.#options.send(message);
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

  /** Sends the waiting events now. */
  flush(): void {
    if (this.#waiting.length === 0 && this.#lost === 0) return;
    const waiting = this.#waiting;
    this.#waiting = [];
    if (this.#options.isFull()) {
      this.#lost += waiting.length;
      return;
    }
    const lost: readonly BmcEvent[] = this.#lost > 0 ? [{ kind: 'reportsLost', count: this.#lost }] : [];
    this.#lost = 0;
    this.#options.send({ type: 'events', events: [...lost, ...waiting] });
  }
}
