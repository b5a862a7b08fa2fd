/** A BMC's socket that could not be bound: why, and when it is tried again. */
import type { BmcConfiguration } from '@vbmc/bmc-worker/ipc';
import { describeBindFailure, lacksAddress } from './bind-failure.ts';
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
  /** The address that there is not. */
  #lacking: string | undefined;
  #retryAtMs: number | undefined;

  constructor(dependencies: Dependencies, reports: WorkerReports) {
    this.#dependencies = dependencies;
    this.#reports = reports;
  }

  /** Why, and when it is tried again. */
  get reason(): string {
    if (this.#retryAtMs === undefined) return this.#reason;
    return withNextAttempt(this.#reason, this.#retryAtMs - this.#dependencies.clock.now());
  }

  /** Whether all that is missing is the address. */
  get awaitsAddress(): boolean {
    return this.#lacking !== undefined;
  }

  /** Says at once what is known, and who has the port when that has been found out. */
  async failed(
    code: string,
    detail: string,
    { address, port }: Pick<BmcConfiguration, 'address' | 'port'>,
  ): Promise<void> {
    this.#failures += 1;
    // Once is enough: the list shows that it goes on.
    const first = this.#failures === 1;
    this.#retryAtMs = undefined;
    this.#lacking = lacksAddress(code, address) ? address : undefined;
    this.#reason = describeBindFailure(code, detail, address, port);
    const asItStood = this.#reason;
    const owner = code === 'EADDRINUSE' ? await this.#dependencies.portOwner(port) : undefined;
    const reason = describeBindFailure(code, detail, address, port, owner);
    if (this.#reason === asItStood) this.#reason = reason;
    if (!first) return;
    const then = lacksAddress(code, address) ? 'it starts then' : 'trying again';
    this.#reports.log('error', `${reason}; ${then}`, { event: 'bindFailed' });
  }

  /** Calls `retry` when it is time to try again; the function returned prevents it. */
  schedule(retry: () => void): () => void {
    const { clock, random } = this.#dependencies;
    if (this.#lacking !== undefined) return awaitAddress(this.#lacking, this.#dependencies, retry);
    const delayMs = bindRetryDelayMs(this.#failures, random);
    this.#retryAtMs = clock.now() + delayMs;
    return clock.after(delayMs, retry);
  }

  /** It could be bound. */
  over(): void {
    this.#failures = 0;
  }
}
