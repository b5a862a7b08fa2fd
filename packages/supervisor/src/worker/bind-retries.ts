/** The failed binds of a BMC's socket: why the last one failed, and when the next attempt is made. */
import { describeBindFailure, lacksAddress, type BindFailure } from './bind-failure.ts';
import { bindRetryDelayMs, withNextAttempt } from './restart-policy.ts';
import { awaitAddress } from './await-address.ts';
import type { Dependencies } from './dependencies.ts';
import type { WorkerReports } from '../status/worker-reports.ts';

export class BindRetries {
  readonly #dependencies: Dependencies;
  readonly #reports: WorkerReports;
  /** In a row. */
  #failures = 0;
  #reason = '';
  /** The address that this machine does not have. */
  #missingAddress: string | undefined;
  #retryAtMs: number | undefined;

  constructor(dependencies: Dependencies, reports: WorkerReports) {
    this.#dependencies = dependencies;
    this.#reports = reports;
  }

  /** Why the last bind failed, and when the next attempt is made. */
  get reason(): string {
    if (this.#retryAtMs === undefined) return this.#reason;
    return withNextAttempt(this.#reason, this.#retryAtMs - this.#dependencies.clock.now());
  }

  /** Whether only the address is missing. */
  get awaitsAddress(): boolean {
    return this.#missingAddress !== undefined;
  }

  /** Sets the reason at once, and again when the owner of the port is found; logs the first failure in a row. */
  async failed(failure: BindFailure): Promise<void> {
    this.#failures += 1;
    const isFirst = this.#failures === 1;
    const awaitsAddress = lacksAddress(failure);
    this.#retryAtMs = undefined;
    this.#missingAddress = awaitsAddress ? failure.address : undefined;
    const reasonWithoutOwner = describeBindFailure(failure);
    this.#reason = reasonWithoutOwner;
    const { portOwner } = this.#dependencies;
    const owner = failure.code === 'EADDRINUSE' ? await portOwner(failure.port) : undefined;
    const reason = describeBindFailure(failure, owner);
    // Another failure may have come in between.
    if (this.#reason === reasonWithoutOwner) this.#reason = reason;
    if (!isFirst) return;
    const next = awaitsAddress ? 'it starts then' : 'trying again';
    this.#reports.log('error', `${reason}; ${next}`, { event: 'bindFailed' });
  }

  /** Calls `retry` when the next attempt is due; the function returned cancels that. */
  schedule(retry: () => void): () => void {
    const { clock, random } = this.#dependencies;
    if (this.#missingAddress !== undefined) {
      return awaitAddress(this.#missingAddress, this.#dependencies, retry);
    }
    const delayMs = bindRetryDelayMs(this.#failures, random);
    this.#retryAtMs = clock.now() + delayMs;
    return clock.after(delayMs, retry);
  }

  succeeded(): void {
    this.#failures = 0;
  }
}
