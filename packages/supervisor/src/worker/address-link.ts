/** Tells a worker whose BMC is on all addresses which addresses the host has. */
import type { BmcConfiguration, SupervisorMessage } from '@vbmc/bmc-worker/ipc';
import { isWildcard } from '../host/wildcard-address.ts';
import type { HostAddresses } from './address-watch.ts';

/** Without `hostAddresses` the worker binds one socket on all addresses. */
export interface AddressServices {
  readonly hostAddresses?: HostAddresses;
}

export class AddressLink {
  readonly #hostAddresses: HostAddresses | undefined;
  readonly #send: (message: SupervisorMessage) => void;
  /** What the worker knows. */
  #told = '';
  #unsubscribe: (() => void) | undefined;

  constructor({ hostAddresses }: AddressServices, send: (message: SupervisorMessage) => void) {
    this.#hostAddresses = hostAddresses;
    this.#send = send;
  }

  /** The configuration for a new worker, completed by the addresses. */
  complete(configuration: BmcConfiguration): BmcConfiguration {
    if (this.#hostAddresses === undefined || !isWildcard(configuration.address)) return configuration;
    const addresses = this.#hostAddresses.addressesFor(configuration.address);
    this.#told = addresses.join(' ');
    return { ...configuration, addresses };
  }

  /** Sends the ready worker each change, until `close`. */
  open({ address }: BmcConfiguration): void {
    this.close();
    const hostAddresses = this.#hostAddresses;
    if (hostAddresses === undefined || !isWildcard(address)) return;
    const tell = (): void => {
      const addresses = hostAddresses.addressesFor(address);
      if (addresses.join(' ') === this.#told) return;
      this.#told = addresses.join(' ');
      this.#send({ type: 'addresses', addresses });
    };
    this.#unsubscribe = hostAddresses.subscribe(tell);
    // They may have changed while the worker started.
    tell();
  }

  close(): void {
    this.#unsubscribe?.();
    this.#unsubscribe = undefined;
  }
}
