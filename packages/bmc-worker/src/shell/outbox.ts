import type { BmcEvent, WorkerMessage } from '../ipc/protocol.ts';

/** A polling client causes two of these per session. A message for each costs both processes more than the session's cryptography. */
const canWait: ReadonlySet<BmcEvent['kind']> = new Set(['sessionOpened', 'sessionClosed']);
/** How long they wait, in milliseconds: too short to be noticed by an operator who follows the events. */
const WAIT_MS = 20;
/** This many are sent at once, without waiting longer. */
const MOST_WAITING = 256;
/** Bytes that may wait for a supervisor that does not read, before reports to it are left out. */
const MOST_UNREAD_BYTES = 1_048_576;
/** The same for what clients cause at a rate of their own choice: the other half is left for power commands and the like. */
const MOST_UNREAD_BYTES_OF_CLIENTS = MOST_UNREAD_BYTES / 2;

export interface OutboxOptions {
  readonly send: (message: WorkerMessage) => void;
  /** Calls once, later. */
  readonly after: (ms: number, act: () => void) => void;
  /** How much the supervisor has not read yet. From some point on reports are left out: they would fill this process's memory. */
  readonly unreadBytes: () => number;
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
    const isLeftOut =
      message.type === 'virshCall' && this.#options.unreadBytes() > MOST_UNREAD_BYTES_OF_CLIENTS;
    if (isLeftOut) this.#lost += 1;
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
    const unread = this.#options.unreadBytes();
    const events = waiting.filter(
      ({ kind }) => unread <= (canWait.has(kind) ? MOST_UNREAD_BYTES_OF_CLIENTS : MOST_UNREAD_BYTES),
    );
    this.#lost += waiting.length - events.length;
    if (this.#lost > 0 && unread <= MOST_UNREAD_BYTES_OF_CLIENTS) {
      events.unshift({ kind: 'reportsLost', count: this.#lost });
      this.#lost = 0;
    }
    if (events.length > 0) this.#options.send({ type: 'events', events });
  }
}
