/**
 * A worker's requests to store a power restore policy, one at a time. A worker makes the next request when the last one was
 * answered or has taken too long. One that makes many cannot make vbmcd queue as many writes: only the latest waits.
 */
import type { PowerRestorePolicy, WorkerMessage } from '@vbmc/bmc-worker/ipc';

type PolicyRequest = Omit<Extract<WorkerMessage, { type: 'powerRestorePolicy' }>, 'type'>;

export interface PolicyRequestsOptions {
  /** Resolves when the policy is on disk, or with the reason why it cannot be stored. */
  readonly store: (policy: PowerRestorePolicy) => Promise<string | undefined>;
  readonly answer: (requestId: number, failure: string | undefined) => void;
}

export class PolicyRequests {
  readonly #options: PolicyRequestsOptions;
  /** The one that is being stored. */
  #current: PolicyRequest | undefined;
  #waiting: PolicyRequest | undefined;
  /** Counts the workers. */
  #worker = 0;

  constructor(options: PolicyRequestsOptions) {
    this.#options = options;
  }

  /** Resolves when no request is left, or at once when this one waits for another. */
  async take(request: PolicyRequest): Promise<void> {
    if (this.#current === undefined) {
      await this.#storeAll(request);
      return;
    }
    const overtaken = this.#waiting;
    this.#waiting = request;
    if (overtaken !== undefined) this.#options.answer(overtaken.requestId, 'a later request overtook it');
  }

  /** The worker has gone: its requests need no answer, and its successor counts from 1 again. */
  forget(): void {
    this.#waiting = undefined;
    this.#worker += 1;
  }

  async #storeAll(first: PolicyRequest): Promise<void> {
    for (let request: PolicyRequest | undefined = first; request !== undefined;) {
      this.#current = request;
      const worker = this.#worker;
      const failure = await this.#options.store(request.policy);
      if (worker === this.#worker) this.#options.answer(request.requestId, failure);
      request = this.#waiting;
      this.#waiting = undefined;
    }
    this.#current = undefined;
  }
}
