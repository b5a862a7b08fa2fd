/** Sends datagrams and receives the answers. */
export interface Line {
  send(datagram: Uint8Array): void;
  divert(listener: (datagram: Uint8Array) => void): void;
}

/** An answer that took longer than this counts as none. */
const PATIENCE_MS = 1_000;
/** No answer of a session to a short request is longer (a suite 17 chassis status has 92 bytes). */
const LONGEST_ANSWER = 256;

export interface LoopOptions {
  /** Made before the loop and not read or copied during it: that would measure the client instead of the server. */
  readonly requests: readonly Uint8Array[];
  readonly pauseMs: number;
  readonly onAnswer: (durationMs: number) => void;
  readonly onTimeout: () => void;
  /** Nothing is under way, and nothing more will be sent. */
  readonly onEnd: () => void;
}

/**
 * Sends prepared requests over one line. Each waits for the answer to the one before it. The answers are kept and
 * read later, so that the loop measures the server and not the client.
 */
export class ClosedLoop {
  readonly #line: Line;
  readonly #options: LoopOptions;
  readonly #answers: Uint8Array;
  readonly #answerLengths: Uint16Array;
  #next = 0;
  #sentAt = 0;
  #waiting = false;
  #ended = false;

  constructor(line: Line, options: LoopOptions) {
    this.#line = line;
    this.#options = options;
    this.#answers = new Uint8Array(options.requests.length * LONGEST_ANSWER);
    this.#answerLengths = new Uint16Array(options.requests.length);
    line.divert((datagram) => {
      this.#receive(datagram);
    });
  }

  start(): void {
    this.#sendNext();
  }

  /** Sends nothing more; an answer that is under way still counts. */
  stop(): void {
    if (this.#ended) return;
    this.#ended = true;
    if (!this.#waiting) this.#options.onEnd();
  }

  /** Gives up on an answer that has taken too long. To be called regularly. */
  tick(): void {
    if (!this.#waiting || performance.now() - this.#sentAt < PATIENCE_MS) return;
    this.#options.onTimeout();
    this.#goOn();
  }

  /** How many requests have been sent. */
  get sent(): number {
    return this.#next;
  }

  /** The answer to a request by its index; undefined when there was none. */
  answerTo(index: number): Uint8Array | undefined {
    const length = this.#answerLengths[index] ?? 0;
    const at = index * LONGEST_ANSWER;
    return length === 0 ? undefined : this.#answers.subarray(at, at + length);
  }

  #receive(datagram: Uint8Array): void {
    if (!this.#waiting || datagram.length > LONGEST_ANSWER) return;
    const index = this.#next - 1;
    this.#answers.set(datagram, index * LONGEST_ANSWER);
    this.#answerLengths[index] = datagram.length;
    this.#options.onAnswer(performance.now() - this.#sentAt);
    this.#goOn();
  }

  #goOn(): void {
    this.#waiting = false;
    if (this.#ended) this.#options.onEnd();
    else if (this.#options.pauseMs === 0) this.#sendNext();
    else {
      setTimeout(() => {
        this.#sendNext();
      }, this.#options.pauseMs);
    }
  }

  #sendNext(): void {
    if (this.#ended) return;
    const datagram = this.#options.requests[this.#next];
    if (datagram === undefined) {
      this.stop();
      return;
    }
    this.#next += 1;
    this.#waiting = true;
    this.#sentAt = performance.now();
    this.#line.send(datagram);
  }
}
