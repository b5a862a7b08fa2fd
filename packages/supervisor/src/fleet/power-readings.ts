/** Reads the power state of one BMC's domain by asking its worker. */
import type { Clock } from '../host/clock.ts';
import { powerReadingOf, type PowerReading } from '../status/power-reading.ts';
import { POWER_READING_DEADLINE_MS } from '../supervision/supervision-times.ts';
import { within } from '../supervision/within.ts';
import type { WorkerRequests } from '../worker/worker-requests.ts';

export class PowerReadings {
  readonly #clock: Clock;
  readonly #requests: WorkerRequests;
  readonly #trouble: () => string | undefined;
  #overdue = 0;
  /** Of the last answer, however late it came. */
  #lastFailure: string | undefined;

  /** `trouble`: why there is no connection, which explains a worker that has no answer yet. */
  constructor(clock: Clock, requests: WorkerRequests, trouble: () => string | undefined) {
    this.#clock = clock;
    this.#requests = requests;
    this.#trouble = trouble;
  }

  /**
   * The worker's answer to this question; unknown when it takes longer than `deadlineMs`. While an earlier question is overdue,
   * the worker is not asked: a libvirt that hangs delays one `vbmc list` by the deadline, not every one.
   */
  async read(deadlineMs: number): Promise<PowerReading> {
    const answer = this.#overdue > 0 ? undefined : await this.#ask(deadlineMs);
    return powerReadingOf(answer, this.#clock.date().getTime(), this.#lastFailure ?? this.#trouble());
  }

  async #ask(deadlineMs: number) {
    const state = { isOver: false, isLate: false };
    const question = this.#requests.ask({ type: 'readPowerState' }, 'powerState', POWER_READING_DEADLINE_MS);
    const answered = question.then((answer) => {
      state.isOver = true;
      if (answer !== undefined) this.#lastFailure = answer.power === undefined ? answer.failure : undefined;
      if (state.isLate) this.#overdue -= 1;
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
