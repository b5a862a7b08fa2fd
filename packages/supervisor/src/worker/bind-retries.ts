/** The failed binds of a BMC's sockets: why the last one failed, and when the next attempt is made. */
import { describeBindFailure, describeMissingAddress, lacksAddress } from './bind-failure.ts';
import { bindRetryDelayMs, withNextAttempt } from './restart-policy.ts';
import type { WantedAddresses } from './address-link.ts';
import { awaitAddress } from './await-address.ts';
import type { Dependencies } from './dependencies.ts';
import type { WorkerReports } from '../status/worker-reports.ts';

/** What a worker says about a socket that it could not bind. */
export interface FailedBind {
  /** The errno name. */
  readonly code: string;
  /** The system's message. */
  readonly detail: string;
  /** Which of several addresses it was, if the worker knows. */
  readonly address?: string | undefined;
  readonly port: number;
}

export class BindRetries {
  readonly #dependencies: Dependencies;
  readonly #reports: WorkerReports;
  readonly #wanted: () => WantedAddresses;
  /** In a row. */
  #failures = 0;
  #reason = '';
  #awaitsAddress = false;
  #retryAtMs: number | undefined;

  /** `wanted` may return other addresses each time. */
  constructor(dependencies: Dependencies, reports: WorkerReports, wanted: () => WantedAddresses) {
    this.#dependencies = dependencies;
    this.#reports = reports;
    this.#wanted = wanted;
  }

  /** Why the last bind failed, and when the next attempt is made. */
  get reason(): string {
    if (this.#awaitsAddress) return this.#describeWait();
    if (this.#retryAtMs === undefined) return this.#reason;
    return withNextAttempt(this.#reason, this.#retryAtMs - this.#dependencies.clock.now());
  }

  /** Whether only the address is missing on this machine, or a host name has none. */
  get awaitsAddress(): boolean {
    return this.#awaitsAddress;
  }

  /** Sets the reason at once, and again when the owner of the port is found; logs the first failure in a row. */
  async failed({ code, detail, address, port }: FailedBind): Promise<void> {
    const { addresses, hostName } = this.#wanted();
    const failure = { code, detail, addresses, port, ...(hostName !== undefined && { hostName }) };
    this.#retryAtMs = undefined;
    this.#awaitsAddress = lacksAddress(failure);
    if (this.#awaitsAddress) {
      this.#count(this.#describeWait(), 'it starts then');
      return;
    }
    this.#failures += 1;
    const isFirst = this.#failures === 1;
    const refused =
      hostName === undefined || address === undefined ? failure : { ...failure, addresses: [address] };
    const reasonWithoutOwner = describeBindFailure(refused);
    this.#reason = reasonWithoutOwner;
    const { portOwner } = this.#dependencies;
    const owner = code === 'EADDRINUSE' ? await portOwner(port, address) : undefined;
    const reason = describeBindFailure(refused, owner);
    // Another failure may have come in between.
    if (this.#reason === reasonWithoutOwner) this.#reason = reason;
    if (isFirst) this.#tell(reason, 'trying again');
  }

  /** There is nothing to bind: the host name has no address. Calls `retry` when it has one of this machine. */
  nameUnresolved(retry: () => void): () => void {
    this.#retryAtMs = undefined;
    this.#awaitsAddress = true;
    this.#count(this.#describeWait(), 'it starts then');
    return this.schedule(retry);
  }

  /** Calls `retry` when the next attempt is due; the function returned cancels that. */
  schedule(retry: () => void): () => void {
    const { clock, random } = this.#dependencies;
    if (this.#awaitsAddress) return awaitAddress(() => this.#wanted().addresses, this.#dependencies, retry);
    const delayMs = bindRetryDelayMs(this.#failures, random);
    this.#retryAtMs = clock.now() + delayMs;
    return clock.after(delayMs, retry);
  }

  succeeded(): void {
    this.#failures = 0;
    this.#awaitsAddress = false;
  }

  #describeWait(): string {
    const { addresses, hostName, failure = '' } = this.#wanted();
    if (hostName !== undefined && addresses.length === 0) return describeMissingAddress(hostName, failure);
    const missing = { code: 'EADDRNOTAVAIL', detail: '', addresses, port: 0 };
    return describeBindFailure({ ...missing, ...(hostName !== undefined && { hostName }) });
  }

  #count(reason: string, next: string): void {
    this.#failures += 1;
    if (this.#failures === 1) this.#tell(reason, next);
  }

  #tell(reason: string, next: string): void {
    this.#reports.log('error', `${reason}; ${next}`, { event: 'bindFailed' });
  }
}
