import type { LockedOutLogin } from '../terms/bmc-description.ts';
import { limits } from '../terms/limits.ts';
import { printableName } from '../session/user.ts';

/** How a BMC treats failed logins in a row. */
export interface LoginPolicy {
  /** This many failures lock the user name out at the source that they came from; 0 turns lock-outs and delays off. */
  readonly attempts: number;
  /** How long a lock-out lasts. */
  readonly lockoutMs: number;
}

export const defaultLoginPolicy: LoginPolicy = { attempts: 10, lockoutMs: 60_000 };

/** The remote console cannot tell `delayed` from `lockedOut`: it gets status 01h at once, with a right password too. */
export type LoginVerdict = 'admitted' | 'delayed' | 'lockedOut';

interface Failures {
  count: number;
  lastAt: number;
}

/** Cannot collide with a user name, because a space in a name is printed as `\x20`. */
const ANY_OTHER_NAME = 'any other name';

/**
 * Counts failed logins in a row, per user name as sent and per source (`sourceOf`). After the first few, each failure
 * delays the next login; after `attempts` failures the name is locked out, and each further failure locks it out again.
 * A successful login resets the count, and so does time.
 *
 * The memory is bounded in a way that lets no attacker erase their own record: names of one source beyond the first few
 * share one record, and if there are too many sources, the one with the fewest failures is dropped.
 */
export class LoginGuard {
  readonly #policy: LoginPolicy;
  readonly #sources = new Map<string, Map<string, Failures>>();

  constructor(policy: LoginPolicy) {
    this.#policy = policy;
  }

  /** How many sources have remembered failures. */
  get size(): number {
    return this.#sources.size;
  }

  /** Whether this user name may log in from this source now. The verdict does not depend on whether the user exists. */
  verdict(userName: Uint8Array, source: string, now: number): LoginVerdict {
    const names = this.#sources.get(source);
    if (names === undefined) return 'admitted';
    const failures = names.get(printableName(userName)) ?? names.get(ANY_OTHER_NAME);
    if (failures === undefined || this.#remainingMs(failures, now) <= 0) return 'admitted';
    return failures.count >= this.#policy.attempts ? 'lockedOut' : 'delayed';
  }

  /** Counts a failed login. Returns the lock-out if this failure causes one. */
  failed(userName: Uint8Array, source: string, now: number): LockedOutLogin | undefined {
    if (this.#policy.attempts === 0) return undefined;
    const names = this.#namesOf(source, now);
    const wanted = printableName(userName);
    const user = names.has(wanted) || names.size < limits.failedNamesPerSource ? wanted : ANY_OTHER_NAME;
    let failures = names.get(user);
    if (failures === undefined || this.#isForgotten(failures, now)) {
      failures = { count: 0, lastAt: now };
      names.set(user, failures);
    }
    // A handshake that began before the lock-out and fails during it does not count.
    if (failures.count >= this.#policy.attempts && this.#remainingMs(failures, now) > 0) return undefined;
    failures.count += 1;
    failures.lastAt = now;
    if (failures.count < this.#policy.attempts) return undefined;
    return { user, source, failures: failures.count, remainingMs: this.#policy.lockoutMs };
  }

  /** Forgets the failures before a successful login. */
  succeeded(userName: Uint8Array, source: string): void {
    const names = this.#sources.get(source);
    if (names?.delete(printableName(userName)) === true && names.size === 0) this.#sources.delete(source);
  }

  /** All lock-outs, the longest remaining time first. */
  describe(now: number): readonly LockedOutLogin[] {
    const lockedOut: LockedOutLogin[] = [];
    for (const [source, names] of this.#sources) {
      for (const [user, failures] of names) {
        const remainingMs = this.#remainingMs(failures, now);
        if (failures.count >= this.#policy.attempts && remainingMs > 0)
          lockedOut.push({ user, source, failures: failures.count, remainingMs });
      }
    }
    return lockedOut.sort((one, other) => other.remainingMs - one.remainingMs);
  }

  #pauseMs({ count }: Failures): number {
    const { attempts, lockoutMs } = this.#policy;
    if (count >= attempts) return lockoutMs;
    const delays = count - limits.freeLoginFailures;
    return delays < 0 ? 0 : Math.min(1_000 * 2 ** delays, limits.longestLoginDelayMs, lockoutMs);
  }

  #remainingMs(failures: Failures, now: number): number {
    return failures.lastAt + this.#pauseMs(failures) - now;
  }

  #isForgotten(failures: Failures, now: number): boolean {
    return this.#remainingMs(failures, now) <= -limits.failedLoginsKeptMs;
  }

  #namesOf(source: string, now: number): Map<string, Failures> {
    const known = this.#sources.get(source);
    if (known !== undefined) return known;
    if (this.#sources.size >= limits.failingSources) this.#makeRoom(now);
    const names = new Map<string, Failures>();
    this.#sources.set(source, names);
    return names;
  }

  #makeRoom(now: number): void {
    let least: { readonly source: string; readonly count: number } | undefined;
    for (const [source, names] of this.#sources) {
      let count = 0;
      for (const failures of names.values())
        if (!this.#isForgotten(failures, now)) count = Math.max(count, failures.count);
      // The map is in order of age, so the oldest of equal sources is dropped.
      if (least === undefined || count < least.count) least = { source, count };
    }
    if (least !== undefined) this.#sources.delete(least.source);
  }
}
