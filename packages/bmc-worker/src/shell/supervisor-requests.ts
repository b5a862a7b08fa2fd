import type { confirmationTypes, SupervisorMessage, WorkerMessage } from '../ipc/protocol.ts';

type Confirmation = Extract<SupervisorMessage, { readonly type: (typeof confirmationTypes)[number] }>;

/** Requests to the supervisor that it confirms: numbered from 1, each with a deadline. */
export class SupervisorRequests {
  readonly #send: (message: WorkerMessage) => void;
  readonly #waiting = new Map<number, (answer?: Confirmation) => void>();
  #lastRequestId = 0;

  constructor(send: (message: WorkerMessage) => void) {
    this.#send = send;
  }

  /** Resolves with the supervisor's answer, or with undefined if there is none in time. */
  async make(
    request: (requestId: number) => WorkerMessage,
    deadlineMs: number,
  ): Promise<Confirmation | undefined> {
    this.#lastRequestId += 1;
    const requestId = this.#lastRequestId;
    return new Promise((resolve) => {
      const finish = (answer?: Confirmation): void => {
        clearTimeout(timer);
        this.#waiting.delete(requestId);
        resolve(answer);
      };
      const timer = setTimeout(finish, deadlineMs);
      this.#waiting.set(requestId, finish);
      this.#send(request(requestId));
    });
  }

  takeAnswer(answer: Confirmation): void {
    this.#waiting.get(answer.requestId)?.(answer);
  }
}
