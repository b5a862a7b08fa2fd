import type { LockedOutLogin } from '../terms/bmc-description.ts';
import { limits } from '../terms/limits.ts';
import { printableName } from '../session/user.ts';

/** How a BMC treats failed logins in a row. */
export interface LoginPolicy {
  /** So many lock the user name out, at the source that they came from; 0: never, and no delay either. */
  readonly attempts: number;
  /** For how long. */
  readonly lockoutMs: number;
}

export const defaultLoginPolicy: LoginPolicy = { attempts: 10, lockoutMs: 60_000 };

/** `delayed` and `lockedOut` are one to the remote console: status 01h, at once, whatever its password is. */
export type LoginVerdict = 'admitted' | 'delayed' | 'lockedOut';

interface Failures {
  count: number;
  lastAt: number;
}

/** No user name reads like this: a space in one becomes `\x20`. */
const ANY_OTHER_NAME = 'any other name';

/**
 * Failed logins in a row, per user name as sent and source (`sourceOf`). After the first few each has a delay,
 * after `attempts` a lock-out; each further failure locks out again. A success forgets them, and so does time.
 *
 * Bounded so that an attacker cannot get rid of his own record: the names of one source beyond the first few
 * share one record, and when there are too many sources, the one with the fewest failures goes.
 */
export class LoginGuard {
  readonly #policy: LoginPolicy;
  readonly #sources = new Map<string, Map<string, Failures>>();

  constructor(policy: LoginPolicy) {
    this.#policy = policy;
  }

  /** Sources with failures that are remembered. */
  get size(): number {
    return this.#sources.size;
  }

  /** Whether this user name may try to log in from there now. The same whether or not there is such a user. */
  verdict(userName: Uint8Array, source: string, now: number): LoginVerdict {
    const names = this.#sources.get(source);
    if (names === undefined) return 'admitted';
    const failures = names.get(printableName(userName)) ?? names.get(ANY_OTHER_NAME);
    if (failures === undefined || this.#remainingMs(failures, now) <= 0) return 'admitted';
    return failures.count >= this.#policy.attempts ? 'lockedOut' : 'delayed';
  }

  /** Counts a failed login; tells the lock-out if this failure brings one. */
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
    // Handshakes that were begun before the lock-out and come to their end during it change nothing.
    if (failures.count >= this.#policy.attempts && this.#remainingMs(failures, now) > 0) return undefined;
    failures.count += 1;
    failures.lastAt = now;
    if (failures.count < this.#policy.attempts) return undefined;
    return { user, source, failures: failures.count, remainingMs: this.#policy.lockoutMs };
  }

  /** A login that succeeded forgets the failures before it. */
  succeeded(userName: Uint8Array, source: string): void {
    const names = this.#sources.get(source);
    if (names?.delete(printableName(userName)) === true && names.size === 0) this.#sources.delete(source);
  }

  /** Who is locked out, the longest lock-out first. */
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
      // In order of age: of equal ones the oldest.
      if (least === undefined || count < least.count) least = { source, count };
    }
    if (least !== undefined) this.#sources.delete(least.source);
  }
}
