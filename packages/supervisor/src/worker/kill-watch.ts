/** Kills a worker, and notices one that does not end: the kernel waits for a dead disk or mount on its behalf. */
import type { Clock } from '../host/clock.ts';
import type { WorkerReports } from '../status/worker-reports.ts';
import { KILL_LIMIT_MS } from '../supervision/supervision-times.ts';
import type { WorkerProcess } from './worker-process.ts';

export class KillWatch {
  readonly #clock: Clock;
  readonly #reports: Pick<WorkerReports, 'log'>;
  readonly #overdue: () => void;
  #problem: string | null = null;
  #cancel: (() => void) | undefined;

  /** `overdue`: called when a worker has been killed and does not end. */
  constructor(clock: Clock, reports: Pick<WorkerReports, 'log'>, overdue: () => void) {
    this.#clock = clock;
    this.#reports = reports;
    this.#overdue = overdue;
  }

  /** What keeps the worker, once it is overdue; else `null`. */
  get problem(): string | null {
    return this.#problem;
  }

  kill(worker: Pick<WorkerProcess, 'pid' | 'kill'>): void {
    worker.kill();
    this.#cancel ??= this.#clock.after(KILL_LIMIT_MS, () => {
      const who = worker.pid === undefined ? 'its worker' : `its worker (pid ${worker.pid})`;
      this.#problem = `${who} does not end though it was killed: the kernel waits, perhaps for a dead disk or mount`;
      this.#reports.log('error', this.#problem, { event: 'workerNotEnding' });
      this.#overdue();
    });
  }

  ended(): void {
    this.#cancel?.();
    this.#cancel = undefined;
    this.#problem = null;
  }
}
