/** Reads the power state of one BMC's domain by asking its worker. */
import type { WorkerMessage } from '@vbmc/bmc-worker/ipc';
import type { Clock } from '../host/clock.ts';
import { POWER_READING_DEADLINE_MS } from '../supervision/supervision-times.ts';
import { within } from '../supervision/within.ts';
import type { WorkerRequests } from '../worker/worker-requests.ts';

export type PowerStateAnswer = Extract<WorkerMessage, { type: 'powerState' }>;

export class PowerReadings {
  readonly #clock: Clock;
  readonly #requests: WorkerRequests;
  readonly #onAnswer: (answer: PowerStateAnswer) => void;
  #overdue = 0;

  /** `onAnswer` gets every answer, late ones as well. */
  constructor(clock: Clock, requests: WorkerRequests, onAnswer: (answer: PowerStateAnswer) => void) {
    this.#clock = clock;
    this.#requests = requests;
    this.#onAnswer = onAnswer;
  }

  /**
   * The worker's answer to this question; `undefined` when it takes longer than `deadlineMs`. While an earlier question
   * is overdue, the worker is not asked: a libvirt that hangs delays one `vbmc list` by the deadline, not every one.
   */
  async read(deadlineMs: number): Promise<PowerStateAnswer | undefined> {
    if (this.#overdue > 0) return undefined;
    const state = { isOver: false, isLate: false };
    const question = this.#requests.ask({ type: 'readPowerState' }, 'powerState', POWER_READING_DEADLINE_MS);
    const answered = question.then((answer) => {
      state.isOver = true;
      if (state.isLate) this.#overdue -= 1;
      if (answer !== undefined) this.#onAnswer(answer);
      return answer;
    });
    const answer = await within(this.#clock, deadlineMs, answered);
    if (!state.isOver) {
      state.isLate = true;
      this.#overdue += 1;
    }
    return answer;
  }
}
