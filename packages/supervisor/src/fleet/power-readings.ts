/** The power state of one BMC's domain, as its worker reads it when asked. */
import type { WorkerMessage } from '@vbmc/bmc-worker/ipc';
import type { Clock } from '../host/clock.ts';
import type { WorkerRequests } from '../worker/worker-requests.ts';

export type PowerStateAnswer = Extract<WorkerMessage, { type: 'powerState' }>;

/** Longer than any call of virsh may take: an answer that comes late still tells something. */
const PATIENCE_MS = 30_000;

export class PowerReadings {
  readonly #clock: Clock;
  readonly #requests: WorkerRequests;
  readonly #took: (answer: PowerStateAnswer) => void;
  #overdue = 0;

  /** `took` gets every answer, late ones as well. */
  constructor(clock: Clock, requests: WorkerRequests, took: (answer: PowerStateAnswer) => void) {
    this.#clock = clock;
    this.#requests = requests;
    this.#took = took;
  }

  /**
   * What the worker answers to this very question; `undefined` when that takes longer than `deadlineMs`. While
   * an earlier question is overdue nothing is asked: a libvirt that hangs costs one deadline, not every list one.
   */
  async read(deadlineMs: number): Promise<PowerStateAnswer | undefined> {
    if (this.#overdue > 0) return undefined;
    let late = false;
    const asked = this.#requests.ask({ type: 'readPowerState' }, 'powerState', PATIENCE_MS).then((answer) => {
      if (late) this.#overdue -= 1;
      if (answer !== undefined) this.#took(answer);
      return answer;
    });
    return new Promise((resolve) => {
      const cancel = this.#clock.after(deadlineMs, () => {
        late = true;
        this.#overdue += 1;
        resolve(undefined);
      });
      void asked.then((answer) => {
        cancel();
        resolve(answer);
      });
    });
  }
}
