import { limits } from '../terms/limits.ts';

interface RecentLogin {
  readonly at: number;
  /** Failed logins of the same user name from the same address since then. */
  failures: number;
}

/**
 * Which user has lately logged in from which address. Such a login is not refused for failures of others behind the same
 * network or address translation. Only a right password makes an entry, and each user name has its own share of the table.
 */
export class RecentLogins {
  /** By user name, then by address, the oldest first. */
  readonly #logins = new Map<string, Map<string, RecentLogin>>();

  /** Whether that login goes on although others have failed. */
  isExempt(user: string, address: string, now: number): boolean {
    const login = this.#logins.get(user)?.get(address);
    return (
      login !== undefined &&
      now - login.at <= limits.recentLoginMs &&
      login.failures <= limits.failuresAfterRecentLogin
    );
  }

  add(user: string, address: string, now: number): void {
    const addresses = this.#logins.get(user) ?? new Map<string, RecentLogin>();
    addresses.delete(address);
    addresses.set(address, { at: now, failures: 0 });
    if (addresses.size > limits.recentAddressesPerUser) dropOldest(addresses);
    this.#logins.delete(user);
    this.#logins.set(user, addresses);
    if (this.#logins.size > limits.recentUsers) dropOldest(this.#logins);
  }

  countFailure(user: string, address: string): void {
    const login = this.#logins.get(user)?.get(address);
    if (login !== undefined) login.failures += 1;
  }
}

function dropOldest(entries: Map<string, unknown>): void {
  const [oldest] = entries.keys();
  if (oldest !== undefined) entries.delete(oldest);
}
