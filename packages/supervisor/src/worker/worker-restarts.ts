/** The ends of a BMC's workers that nobody asked for: counted, told, and made up for. */
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

  constructor(dependencies: Dependencies, reports: WorkerReports, history: BmcHistory) {
    this.#dependencies = dependencies;
    this.#reports = reports;
    this.#history = history;
  }

  /** How many there were. */
  get count(): number {
    return this.#count;
  }

  /** Until the next one, in milliseconds. */
  get waitMs(): number {
    return this.#dueAtMs - this.#dependencies.clock.now();
  }

  /** A worker starts. Returns whether the one before ended unasked, perhaps in the middle of something. */
  begin(): boolean {
    this.#startedAtMs = this.#dependencies.clock.now();
    const follows = this.#endedUnasked;
    this.#endedUnasked = false;
    return follows;
  }

  /** A worker has ended unasked: calls `restart` when it is time to. The result calls that off. */
  schedule(bmc: string, cause: string, restart: () => void): () => void {
    const { clock, random, meter } = this.#dependencies;
    const { delayMs, history } = decideRestart(this.#crashes, this.#startedAtMs, clock.now(), random);
    this.#crashes = history;
    this.#count += 1;
    this.#endedUnasked = true;
    this.#dueAtMs = clock.now() + delayMs;
    this.#history.addRestart(cause, clock.date().toISOString());
    meter.workerRestarted(bmc);
    const when = delayMs === 0 ? 'at once' : `in ${(delayMs / 1000).toFixed(1)} s`;
    this.#reports.log('error', `${cause}; restarting ${when}`, {
      event: 'workerEnded',
      restarts: this.#count,
    });
    return clock.after(delayMs, restart);
  }
}
