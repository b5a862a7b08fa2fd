/** Pending questions to one worker, each with its deadline. */
import type {
  confirmationTypes,
  SupervisorMessage,
  WorkerMessage,
  workerRequestTypes,
} from '@vbmc/bmc-worker/ipc';
import type { Clock } from '../host/clock.ts';

type Numbered<Message> = Extract<Message, { readonly requestId: number }>;
type WithoutId<Message> = Message extends unknown ? Omit<Message, 'requestId'> : never;

/** A question without its number. */
export type WorkerQuestion = WithoutId<
  Exclude<Numbered<SupervisorMessage>, { type: (typeof confirmationTypes)[number] }>
>;
export type WorkerAnswer = Exclude<Numbered<WorkerMessage>, { type: (typeof workerRequestTypes)[number] }>;
type AnswerTo<Type extends WorkerAnswer['type']> = Extract<WorkerAnswer, { readonly type: Type }>;

interface Pending {
  readonly type: WorkerAnswer['type'];
  readonly finish: (answer: WorkerAnswer | undefined) => void;
}

export class WorkerRequests {
  readonly #clock: Clock;
  readonly #send: (message: SupervisorMessage) => void;
  readonly #pending = new Map<number, Pending>();
  #lastRequestId = 0;

  constructor(clock: Clock, send: (message: SupervisorMessage) => void) {
    this.#clock = clock;
    this.#send = send;
  }

  /** The worker's answer of that type; `undefined` when none came within `deadlineMs` or the worker has gone. */
  async ask<Type extends WorkerAnswer['type']>(
    question: WorkerQuestion,
    type: Type,
    deadlineMs: number,
  ): Promise<AnswerTo<Type> | undefined> {
    const requestId = (this.#lastRequestId += 1);
    return new Promise((resolve) => {
      let cancelDeadline = this.#clock.after(deadlineMs, () => {
        // An answer that has come while vbmcd itself had no processor is read before the next timer.
        cancelDeadline = this.#clock.after(0, () => {
          finish(undefined);
        });
      });
      const finish = (answer: WorkerAnswer | undefined): void => {
        cancelDeadline();
        this.#pending.delete(requestId);
        resolve(answer as AnswerTo<Type> | undefined);
      };
      this.#pending.set(requestId, { type, finish });
      this.#send({ ...question, requestId });
    });
  }

  answer(answer: WorkerAnswer): void {
    const pending = this.#pending.get(answer.requestId);
    if (pending?.type === answer.type) pending.finish(answer);
  }

  /** To be called when the worker has gone: no answer will come. */
  abandonAll(): void {
    for (const { finish } of [...this.#pending.values()]) finish(undefined);
  }
}
