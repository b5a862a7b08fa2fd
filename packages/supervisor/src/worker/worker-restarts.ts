/** The unasked ends of a BMC's workers: counted, logged, and followed by a restart. */
import type { BmcHistory } from '../status/bmc-history.ts';
import { decideRestart, noCrashes } from './restart-policy.ts';
import type { Dependencies } from './dependencies.ts';
import type { WorkerReports } from '../status/worker-reports.ts';

export class WorkerRestarts {
  readonly #dependencies: Dependencies;
  readonly #reports: WorkerReports;
  readonly #history: BmcHistory;
  #count = 0;
  #crashes = noCrashes;
  #startedAtMs = 0;
  #dueAtMs = 0;
  #endedUnasked = false;
  /** Why the last worker could not be started, while that is so. */
  #startFailure: string | undefined;

  constructor(dependencies: Dependencies, reports: WorkerReports, history: BmcHistory) {
    this.#dependencies = dependencies;
    this.#reports = reports;
    this.#history = history;
  }

  /** How often a worker ended unasked. */
  get count(): number {
    return this.#count;
  }

  /** Until the next restart, in milliseconds. */
  get waitMs(): number {
    return this.#dueAtMs - this.#dependencies.clock.now();
  }

  /** To be called when a worker starts. Returns whether the one before ended unasked. */
  begin(): boolean {
    this.#startedAtMs = this.#dependencies.clock.now();
    const followsCrash = this.#endedUnasked;
    this.#endedUnasked = false;
    return followsCrash;
  }

  /**
   * To be called when a worker ended unasked, or could not be started (`neverStarted`). Calls `restart` when it is due;
   * the function returned cancels that. Of failed starts with one cause in a row only the first is logged.
   */
  schedule(bmc: string, cause: string, neverStarted: boolean, restart: () => void): () => void {
    const { clock, random, meter } = this.#dependencies;
    const { delayMs, history } = decideRestart(this.#crashes, this.#startedAtMs, clock.now(), random);
    this.#crashes = history;
    this.#count += 1;
    this.#endedUnasked = true;
    this.#dueAtMs = clock.now() + delayMs;
    this.#history.addRestart(cause, clock.date().toISOString());
    meter.workerRestarted(bmc);
    const isTold = neverStarted && cause === this.#startFailure;
    this.#startFailure = neverStarted ? cause : undefined;
    if (isTold) return clock.after(delayMs, restart);
    const when = delayMs === 0 ? 'at once' : `in ${(delayMs / 1000).toFixed(1)} s`;
    this.#reports.log('error', `${cause}; restarting ${when}`, {
      event: 'workerEnded',
      restarts: this.#count,
    });
    return clock.after(delayMs, restart);
  }
}
