/** Questions that are under way to one worker, each with its deadline. */
import type { SupervisorMessage, WorkerMessage } from '@vbmc/bmc-worker/ipc';
import type { Clock } from '../host/clock.ts';

type Numbered<Message> = Extract<Message, { readonly requestId: number }>;
type WithoutId<Message> = Message extends unknown ? Omit<Message, 'requestId'> : never;

/** What can be asked, without its number. */
export type WorkerQuestion = WithoutId<
  Exclude<Numbered<SupervisorMessage>, { type: 'powerRestorePolicyStored' }>
>;
export type WorkerAnswer = Exclude<Numbered<WorkerMessage>, { type: 'powerRestorePolicy' }>;
type AnswerTo<Type extends WorkerAnswer['type']> = Extract<WorkerAnswer, { readonly type: Type }>;

interface Waiting {
  readonly type: WorkerAnswer['type'];
  readonly finish: (answer: WorkerAnswer | undefined) => void;
}

export class WorkerRequests {
  readonly #clock: Clock;
  readonly #send: (message: SupervisorMessage) => void;
  readonly #waiting = new Map<number, Waiting>();
  #lastRequestId = 0;

  constructor(clock: Clock, send: (message: SupervisorMessage) => void) {
    this.#clock = clock;
    this.#send = send;
  }

  /** The worker's answer of that type; `undefined` when none came within `deadlineMs` or the worker went away. */
  async ask<Type extends WorkerAnswer['type']>(
    question: WorkerQuestion,
    type: Type,
    deadlineMs: number,
  ): Promise<AnswerTo<Type> | undefined> {
    const requestId = (this.#lastRequestId += 1);
    return new Promise((resolve) => {
      const cancelDeadline = this.#clock.after(deadlineMs, () => {
        finish(undefined);
      });
      const finish = (answer: WorkerAnswer | undefined): void => {
        cancelDeadline();
        this.#waiting.delete(requestId);
        resolve(answer as AnswerTo<Type> | undefined);
      };
      this.#waiting.set(requestId, { type, finish });
      this.#send({ ...question, requestId });
    });
  }

  answer(answer: WorkerAnswer): void {
    const waiting = this.#waiting.get(answer.requestId);
    if (waiting?.type === answer.type) waiting.finish(answer);
  }

  /** The worker has gone: nobody will answer. */
  giveUp(): void {
    for (const { finish } of [...this.#waiting.values()]) finish(undefined);
  }
}
