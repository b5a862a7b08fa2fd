import type { LoginPolicy } from '../terms/login-policy.ts';
import type { LockedOutLogin } from '../terms/bmc-description.ts';
import { limits } from '../terms/limits.ts';
import type { Origin } from '../terms/source.ts';
import { printableName } from '../session/user.ts';
import { FailureTable, type Failures } from './failure-table.ts';
import { RecentLogins } from './recent-logins.ts';

export type { LoginPolicy } from '../terms/login-policy.ts';

export const defaultLoginPolicy: LoginPolicy = { attempts: 10, lockoutMs: 60_000 };

/** The remote console cannot tell `delayed` from `lockedOut`: it gets status 01h at once, with a right password too. */
export type LoginVerdict = 'admitted' | 'delayed' | 'lockedOut';

/**
 * Counts failed logins in a row, per user name as sent and per address. After the first few, each failure delays the next
 * login; after `attempts` failures the name is locked out at that address, and each further failure locks it out again.
 *
 * - A name that has not failed is never refused, whatever other names have.
 * - On IPv6 a client can have as many addresses as it likes. So the failures of a name within one /64 count too, and lock the
 *   name out there, but only from many times as many on. One address counts for no more of them than lock it out itself: a
 *   guesser at one address locks out no neighbour.
 * - A user who has lately logged in from an address is not refused there: the failures may be those of others behind the same
 *   address translation.
 * - At a source that guesses (with many names here, or at several BMCs) each failure locks its name out at once.
 *
 * The verdict does not depend on whether a user exists, except for users who have lately logged in from the same address.
 */
export class LoginGuard {
  readonly #policy: LoginPolicy;
  readonly #addresses: FailureTable;
  readonly #networks: FailureTable;
  readonly #recentLogins = new RecentLogins();
  /** As the supervisor has told: sources that fail at several BMCs. */
  #guessing: ReadonlySet<string> = new Set();

  constructor(policy: LoginPolicy) {
    const keptMs = limits.failedLoginsKeptMs + policy.lockoutMs;
    this.#policy = policy;
    this.#addresses = new FailureTable(limits.failingAddresses, keptMs);
    this.#networks = new FailureTable(limits.failingNetworks, keptMs);
  }

  /** How many addresses have remembered failures. */
  get size(): number {
    return this.#addresses.size;
  }

  /** Replaces the sources (`sourceOf`) that guess at several BMCs. */
  takeGuessingSources(sources: readonly string[]): void {
    this.#guessing = new Set(sources);
  }

  /** Whether this user name may log in from there now. */
  verdict(userName: Uint8Array, { address, source }: Origin, now: number): LoginVerdict {
    const user = printableName(userName);
    const verdict = this.#strictVerdict(user, { address, source }, now);
    return this.#recentLogins.isExempt(user, address, now) ? 'admitted' : verdict;
  }

  /**
   * Whether a client there may try a password of this user by another way than a login. Who has lately logged in is not exempt: they
   * know their own.
   */
  mayTest(userName: Uint8Array, origin: Origin, now: number): boolean {
    return this.#strictVerdict(printableName(userName), origin, now) === 'admitted';
  }

  /** Counts a failed login. Returns the lock-out if this failure causes one. */
  failed(userName: Uint8Array, origin: Origin, now: number): LockedOutLogin | undefined {
    const { attempts, lockoutMs } = this.#policy;
    if (attempts === 0) return undefined;
    const { address, source } = origin;
    const user = printableName(userName);
    const isExempt = this.#recentLogins.isExempt(user, address, now);
    this.#recentLogins.countFailure(user, address);
    const around = source === address ? undefined : this.#networks.take(source, user, now);
    const here = this.#addresses.take(address, user, now);
    this.#addresses.countTry(address, now);
    // A handshake that began before a lock-out and fails during it does not count.
    if (around !== undefined && this.#countsAround(around, here, origin, now)) {
      count(around, origin, 1, now);
      if (around.count >= this.#networkAttempts)
        return { user, source, failures: around.tries, remainingMs: lockoutMs };
    }
    if (here.count >= attempts && this.#remainingMs(here, now) > 0) return undefined;
    count(here, origin, this.#isGuessing(origin, now) ? attempts : 1, now);
    if (here.count < attempts) return undefined;
    const lockedOut = { user, source: address, failures: here.tries, remainingMs: lockoutMs };
    return isExempt ? { ...lockedOut, exempt: true } : lockedOut;
  }

  /** Forgets the failures of the same client before a successful login: those from the same address and port. */
  succeeded(userName: Uint8Array, { address, source, endpoint }: Origin, now: number): void {
    if (this.#policy.attempts === 0) return;
    const user = printableName(userName);
    this.#recentLogins.add(user, address, now);
    this.#addresses.forgetOwn(address, user, endpoint);
    this.#networks.forgetOwn(source, user, endpoint);
  }

  /** All lock-outs, the longest remaining time first. */
  describe(now: number): readonly LockedOutLogin[] {
    const lockedOut: LockedOutLogin[] = [];
    const add = (place: string, user: string, { tries }: Failures, remainingMs: number): void => {
      if (remainingMs > 0) lockedOut.push({ user, source: place, failures: tries, remainingMs });
    };
    for (const { place, user, failures } of this.#addresses.entries()) {
      if (failures.count < this.#policy.attempts || this.#recentLogins.isExempt(user, place, now)) continue;
      add(place, user, failures, this.#remainingMs(failures, now));
    }
    for (const { place, user, failures } of this.#networks.entries())
      add(place, user, failures, this.#remainingInNetworkMs(failures, now));
    return lockedOut.sort((one, other) => other.remainingMs - one.remainingMs);
  }

  #strictVerdict(user: string, { address, source }: Omit<Origin, 'endpoint'>, now: number): LoginVerdict {
    const here = this.#addresses.find(address, user);
    const around = this.#networks.find(source, user);
    const isDelayed = here !== undefined && this.#remainingMs(here, now) > 0;
    const isLockedOut =
      (isDelayed && here.count >= this.#policy.attempts) || this.#remainingInNetworkMs(around, now) > 0;
    if (isLockedOut) return 'lockedOut';
    return isDelayed ? 'delayed' : 'admitted';
  }

  get #networkAttempts(): number {
    return this.#policy.attempts * limits.networkAttemptsFactor;
  }

  /**
   * Whether a failure counts for the network too: not if the address has had its share, with this name or with many. Once the
   * network is locked out, each further failure locks it out again.
   */
  #countsAround(around: Failures, here: Failures, { address }: Origin, now: number): boolean {
    if (this.#remainingInNetworkMs(around, now) > 0) return false;
    if (around.count >= this.#networkAttempts) return true;
    return here.count < this.#policy.attempts && !this.#failsMuch(address, now);
  }

  #isGuessing({ address, source }: Origin, now: number): boolean {
    return this.#guessing.has(source) || this.#failsMuch(address, now);
  }

  #failsMuch(address: string, now: number): boolean {
    return this.#addresses.triesAt(address, now) > this.#policy.attempts * limits.guessingFactor;
  }

  #pauseMs(count: number): number {
    const { attempts, lockoutMs } = this.#policy;
    if (count >= attempts) return lockoutMs;
    const delays = count - limits.freeLoginFailures;
    return delays < 0 ? 0 : Math.min(1_000 * 2 ** delays, limits.longestLoginDelayMs, lockoutMs);
  }

  #remainingMs({ count, lastAt }: Failures, now: number): number {
    return lastAt + this.#pauseMs(count) - now;
  }

  #remainingInNetworkMs(failures: Failures | undefined, now: number): number {
    if (failures === undefined || failures.count < this.#networkAttempts) return 0;
    return failures.lastAt + this.#policy.lockoutMs - now;
  }
}

function count(failures: Failures, { endpoint }: Origin, weight: number, now: number): void {
  failures.count += weight;
  failures.tries += 1;
  failures.lastAt = now;
  failures.fromEndpoint = failures.endpoint === endpoint ? failures.fromEndpoint + 1 : 1;
  failures.endpoint = endpoint;
}
