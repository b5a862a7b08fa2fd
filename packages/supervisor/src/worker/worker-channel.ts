/** The supervisor's end of the channel to one worker, which may send anything, at any rate, and need not read. */
import type { Duplex } from 'node:stream';
import { StringDecoder } from 'node:string_decoder';
import { messageLine, type SupervisorMessage, type WorkerMessage } from '@vbmc/bmc-worker/ipc';
import type { Clock } from '../host/clock.ts';
import { MOST_UNREAD_BYTES } from '../supervision/supervision-times.ts';
import { bugText } from '../text/bug-text.ts';
import type { ChannelViolation } from '../status/channel-violation.ts';
import { isQuestion } from './numbered-messages.ts';
import { WorkerInbox } from './worker-inbox.ts';

export interface ChannelListener {
  /** A message whose fields have been checked. */
  message(message: WorkerMessage): void;
  /** The worker has broken a rule. Called once; no message follows. */
  brokeRule(violation: ChannelViolation): void;
}

/**
 * Memory stays bounded whatever the worker does. Each piece that is read is dealt with before the next one, so that a worker
 * that writes faster than vbmcd reads waits in the kernel; and what waits for a worker that does not read is limited.
 */
export class WorkerChannel {
  readonly #stream: Duplex;
  readonly #now: Clock['now'];
  readonly #inbox: WorkerInbox;
  readonly #listener: ChannelListener;
  #isBroken = false;

  constructor(stream: Duplex, now: Clock['now'], listener: ChannelListener) {
    this.#stream = stream;
    this.#now = now;
    this.#inbox = new WorkerInbox(now());
    this.#listener = listener;
    const decoder = new StringDecoder('utf8');
    stream.on('data', (piece: Buffer) => {
      this.#take(decoder.write(piece), piece.length);
    });
    // The worker has gone: `close` follows.
    stream.on('error', () => undefined);
  }

  send(message: SupervisorMessage): void {
    if (this.#isBroken || !this.#stream.writable) return;
    if (this.#stream.writableLength > MOST_UNREAD_BYTES) {
      this.#break({ kind: 'unread', cause: 'worker does not read what vbmcd sends' });
    } else {
      if (isQuestion(message)) this.#inbox.expectAnswer();
      this.#stream.write(messageLine(message));
    }
  }

  /** Counts bytes that the worker wrote to its standard output or standard error. */
  countOutput(bytes: number): void {
    const violation = this.#inbox.countBytes(bytes, this.#now());
    if (violation !== undefined) this.#break(violation);
  }

  #take(piece: string, bytes: number): void {
    if (this.#isBroken) return;
    const { messages, violation } = this.#inbox.take(piece, bytes, this.#now());
    for (const message of messages) this.#handOver(message);
    if (violation !== undefined) this.#break(violation);
  }

  /** A bug that a message of this worker reveals must not end the other workers. */
  #handOver(message: WorkerMessage): void {
    if (this.#isBroken) return;
    try {
      this.#listener.message(message);
    } catch (error) {
      const cause = `vbmcd failed at a message of the worker, which is a bug of vbmcd: ${bugText(error)}`;
      this.#break({ kind: 'notHandled', cause });
    }
  }

  #break(violation: ChannelViolation): void {
    if (this.#isBroken) return;
    this.#isBroken = true;
    this.#stream.destroy();
    this.#listener.brokeRule(violation);
  }
}
