/** What the address of a BMC means: one address, all of the host, or those of a host name; and what its worker makes of them. */
import type { BmcConfiguration, SupervisorMessage } from '@vbmc/bmc-worker/ipc';
import { isWildcard } from '../host/wildcard-address.ts';
import type { ListeningState } from '../status/bmc-detail.ts';
import { isHostName } from '../text/host-name.ts';
import type { HostAddresses } from './address-watch.ts';
import { describeBindFailure, lacksAddress, NO_SUCH_ADDRESS } from './bind-failure.ts';
import type { HostNames } from './name-watch.ts';

/** Without `hostAddresses` the worker binds one socket on all addresses. */
export interface AddressServices {
  readonly hostAddresses?: HostAddresses;
  readonly hostNames?: HostNames;
}

export interface WantedAddresses {
  /** Empty while a host name has none. */
  readonly addresses: readonly string[];
  readonly hostName?: string;
  /** Why the last lookup of the name has brought no address. */
  readonly failure?: string;
}

/** Resolves when the address is known or takes too long; `undefined`: it is known now, or known not to be. */
export function untilAddressKnown(
  address: string,
  { hostNames }: AddressServices,
): Promise<void> | undefined {
  return isHostName(address) ? hostNames?.untilAnswered(address) : undefined;
}

export class AddressLink {
  readonly #services: AddressServices;
  readonly #configuration: () => BmcConfiguration;
  readonly #send: (message: SupervisorMessage) => void;
  /** What the worker knows. */
  #told: readonly string[] = [];
  /** Of these, those that it cannot bind, with the errno name. */
  readonly #unbound = new Map<string, string>();
  #isOpen = false;
  /** From the addresses of the host. */
  #unsubscribe: (() => void) | undefined;
  /** Ends the interest in a host name. */
  #release: (() => void) | undefined;

  /** `configuration` is that of the present worker, or of the next one. */
  constructor(
    services: AddressServices,
    configuration: () => BmcConfiguration,
    send: (message: SupervisorMessage) => void,
  ) {
    this.#services = services;
    this.#configuration = configuration;
    this.#send = send;
  }

  wanted(): WantedAddresses {
    const { address } = this.#configuration();
    if (!isHostName(address)) return { addresses: [address] };
    return { addresses: [], hostName: address, ...this.#services.hostNames?.answerOf(address) };
  }

  /** Whether there is nothing that a worker could bind. */
  get isUnknown(): boolean {
    return this.wanted().addresses.length === 0;
  }

  /** Whether the worker listens nowhere, although it was ready once. */
  get isMute(): boolean {
    return this.#told.length > 0 && this.#told.every((address) => this.#unbound.has(address));
  }

  /** What is wrong with the addresses of a worker that is ready; `null` if nothing is. */
  get problem(): string | null {
    const { hostName, failure, addresses } = this.wanted();
    const unbound = this.listening().flatMap(({ address, problem }) =>
      problem !== null && (this.isMute || !this.#isMissing(address)) ? [`not on ${address}: ${problem}`] : [],
    );
    if (hostName !== undefined && failure !== undefined) {
      unbound.push(`host name ${hostName}: ${failure}; the BMC keeps ${addresses.join(', ')}`);
    }
    return unbound.length === 0 ? null : unbound.join('; ');
  }

  /** Each address that the worker should answer on. */
  listening(): readonly ListeningState[] {
    return this.#told.map((address) => {
      const code = this.#unbound.get(address);
      return { address, problem: code === undefined ? null : this.#describe(address, code) };
    });
  }

  /** The configuration for a new worker, completed by the addresses. */
  complete(configuration: BmcConfiguration): BmcConfiguration {
    this.#unbound.clear();
    const addresses = this.#addresses();
    this.#told = addresses ?? [configuration.address];
    return addresses === undefined ? configuration : { ...configuration, addresses };
  }

  /** Keeps what is known of a host name up to date, until `release`. */
  hold(): void {
    const { address } = this.#configuration();
    if (!isHostName(address)) return;
    this.#release ??= this.#services.hostNames?.subscribe(address, () => {
      this.#tell();
    });
  }

  release(): void {
    this.#release?.();
    this.#release = undefined;
  }

  /** Sends the ready worker each change, until `close`. */
  open(): void {
    this.close();
    const { address } = this.#configuration();
    this.#isOpen = true;
    if (isWildcard(address)) {
      this.#unsubscribe = this.#services.hostAddresses?.subscribe(() => {
        this.#tell();
      });
    }
    // They may have changed while the worker started.
    this.#tell();
  }

  close(): void {
    this.#isOpen = false;
    this.#unsubscribe?.();
    this.#unsubscribe = undefined;
  }

  workerGone(): void {
    this.#told = [];
    this.#unbound.clear();
  }

  /** The worker cannot bind an address. Returns what to log, if it matters. */
  noteUnbound(address: string, code: string): string | undefined {
    if (!this.#told.includes(address)) return undefined;
    // The host has lost it since, which the worker hears next.
    if (isWildcard(this.#configuration().address) && this.#isMissingBy(address, code)) return undefined;
    this.#unbound.set(address, code);
    return this.#describe(address, code);
  }

  noteBound(address: string): void {
    this.#unbound.delete(address);
  }

  #tell(): void {
    const addresses = this.#addresses();
    if (!this.#isOpen || addresses === undefined || addresses.length === 0) return;
    if (addresses.join(' ') === this.#told.join(' ')) return;
    this.#told = addresses;
    for (const address of this.#unbound.keys())
      if (!addresses.includes(address)) this.#unbound.delete(address);
    this.#send({ type: 'addresses', addresses });
  }

  /** In the place of the configured address, which is no address or stands for several; else `undefined`. */
  #addresses(): readonly string[] | undefined {
    const { address } = this.#configuration();
    if (isHostName(address)) return this.wanted().addresses;
    return isWildcard(address) ? this.#services.hostAddresses?.addressesFor(address) : undefined;
  }

  #isMissing(address: string): boolean {
    return this.#isMissingBy(address, this.#unbound.get(address) ?? '');
  }

  #isMissingBy(address: string, code: string): boolean {
    return lacksAddress({ code, addresses: [address] });
  }

  #describe(address: string, code: string): string {
    if (this.#isMissingBy(address, code)) return NO_SUCH_ADDRESS;
    return describeBindFailure({
      code,
      detail: code,
      addresses: [address],
      port: this.#configuration().port,
    });
  }
}
