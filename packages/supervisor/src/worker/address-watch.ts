/** Follows the host's addresses as they come and go, for BMCs on all of them. */
import { readAddressTables, type AddressTables, type LocalAddresses } from '../host/address-tables.ts';
import type { Clock } from '../host/clock.ts';
import { OperatorError } from '../host/operator-error.ts';
import { errorCode, errorText } from '../host/error-code.ts';
import { isWildcardIpv6 } from '../host/wildcard-address.ts';
import type { Log } from '../log/log.ts';
import { ADDRESS_LOOK_INTERVAL_MS, MOST_ADDRESSES } from '../supervision/supervision-times.ts';

export interface AddressWatchOptions {
  readonly clock: Clock;
  readonly log: Log;
  /** Throws a system error, or a refusal to read so much. */
  readonly read: () => AddressTables;
}

export interface HostAddresses {
  /** What to listen on in the place of `wildcard`; the wildcard itself where the addresses are not known or too many. */
  addressesFor(wildcard: string): readonly string[];
  /** Calls `listener` after each change; the function returned ends that. */
  subscribe(listener: () => void): () => void;
}

/** Looks while there is a subscriber. The service's sandbox has no netlink sockets, which would tell of changes. */
export class AddressWatch implements HostAddresses {
  readonly #clock: Clock;
  readonly #log: Log;
  readonly #read: AddressWatchOptions['read'];
  readonly #listeners = new Set<() => void>();
  #tables: AddressTables | undefined;
  #addresses: LocalAddresses | undefined;
  /** Why the addresses are not used, as last told. */
  #told: string | undefined;
  #cancelLook: (() => void) | undefined;

  constructor({ clock, log, read }: AddressWatchOptions) {
    this.#clock = clock;
    this.#log = log;
    this.#read = read;
  }

  addressesFor(wildcard: string): readonly string[] {
    if (this.#cancelLook === undefined) this.#look();
    const { ipv4 = [], ipv6 = [] } = this.#addresses ?? {};
    const all = isWildcardIpv6(wildcard) ? [...ipv4, ...ipv6] : ipv4;
    return all.length === 0 ? [wildcard] : all;
  }

  subscribe(listener: () => void): () => void {
    this.#listeners.add(listener);
    if (this.#cancelLook === undefined) this.#lookLater();
    return () => {
      this.#listeners.delete(listener);
      if (this.#listeners.size > 0) return;
      this.#cancelLook?.();
      this.#cancelLook = undefined;
    };
  }

  #lookLater(): void {
    this.#cancelLook = this.#clock.after(ADDRESS_LOOK_INTERVAL_MS, () => {
      this.#lookLater();
      if (this.#look()) for (const listener of this.#listeners) listener();
    });
  }

  /** Whether something has changed. */
  #look(): boolean {
    const before = JSON.stringify(this.#addresses);
    try {
      const tables = this.#read();
      if (tables.fibTrie === this.#tables?.fibTrie && tables.ifInet6 === this.#tables.ifInet6) return false;
      this.#tables = tables;
      const addresses = readAddressTables(tables);
      const count = addresses.ipv4.length + addresses.ipv6.length;
      this.#addresses = count > MOST_ADDRESSES ? undefined : addresses;
      if (count > MOST_ADDRESSES) this.#tell(`this host has ${count} addresses`);
      else this.#told = undefined;
    } catch (error) {
      if (!(error instanceof OperatorError) && errorCode(error) === undefined) throw error;
      this.#tables = undefined;
      this.#addresses = undefined;
      const why = error instanceof OperatorError ? error.message : errorText(error);
      this.#tell(`the addresses of this host cannot be read (${why})`);
    }
    return JSON.stringify(this.#addresses) !== before;
  }

  #tell(cause: string): void {
    if (this.#told === cause) return;
    this.#told = cause;
    this.#log(
      'warn',
      `${cause}: BMCs on all addresses answer from the one that the route picks; give them an address each`,
    );
  }
}
