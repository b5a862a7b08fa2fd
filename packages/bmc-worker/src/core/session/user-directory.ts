import {
  decoyKey,
  lowerPrivilege,
  MAXIMUM_PASSWORD_LENGTH_V15,
  privilegeSuffices,
  type PrivilegeLevel,
} from '@vbmc/ipmi-codec';
import type { RandomBytes } from '../terms/random-bytes.ts';
import { printableName, User } from './user.ts';

/**
 * Whom a login claims to be. Only who has proved the password is told what is wrong beside it: `unknownUser`, which
 * nobody can prove, and `levelAboveLimit`. `passwordTooLong` is for IPMI 1.5: nobody can prove that there either.
 */
export interface Claim {
  /** A decoy with a key that nobody knows, when there is no such user. */
  readonly user: User;
  readonly verdict: 'known' | 'unknownUser' | 'passwordTooLong' | 'levelAboveLimit';
}

/**
 * The users of the BMC, and a decoy for every other name. Each look-up does the same work whatever it finds: all
 * users are looked at, and the decoy is made even if it is not needed.
 */
export class UserDirectory {
  readonly #decoySecret: Uint8Array;
  readonly #privilegeLimit: PrivilegeLevel;
  #users: readonly User[];

  /** No user gets beyond `privilegeLimit`, whatever its own limit. */
  constructor(users: readonly User[], privilegeLimit: PrivilegeLevel, random: RandomBytes) {
    this.#users = users;
    this.#privilegeLimit = privilegeLimit;
    this.#decoySecret = random(32);
  }

  replace(users: readonly User[]): void {
    this.#users = users;
  }

  /** In the order of their user ids, which begin at `firstUserId`. */
  get all(): readonly User[] {
    return this.#users;
  }

  /** The highest level that a session of this user may have. */
  limitOf({ privilegeLimit }: User): PrivilegeLevel {
    return lowerPrivilege(privilegeLimit, this.#privilegeLimit);
  }

  /**
   * By name alone the first entry of that name is meant (v2.0§13.20, name-only look-up). `name` is at most 16 bytes.
   */
  findByName(name: Uint8Array): Claim {
    return this.#find(this.#decoy(name), 'callback');
  }

  /** Otherwise the first one of that name that may have the level. */
  findByNameAndLevel(name: Uint8Array, level: PrivilegeLevel): Claim {
    return this.#find(this.#decoy(name), level);
  }

  /** By name alone, for IPMI 1.5, in which longer passwords do not exist. */
  findByNameV15(name: Uint8Array): Claim {
    const decoy = this.#decoy(name);
    const claim = this.#find(decoy, 'callback');
    if (claim.user.kuid().length <= MAXIMUM_PASSWORD_LENGTH_V15 || claim.verdict !== 'known') return claim;
    return { user: decoy, verdict: 'passwordTooLong' };
  }

  /** Every user may have the lowest level, callback. */
  #find(decoy: User, level: PrivilegeLevel): Claim {
    let sameName: User | undefined;
    let meant: User | undefined;
    for (const user of this.#users) {
      const isNamed = user.isNamed(decoy);
      const mayHaveLevel = privilegeSuffices(this.limitOf(user), level);
      if (isNamed) sameName ??= user;
      if (isNamed && mayHaveLevel) meant ??= user;
    }
    if (meant !== undefined) return { user: meant, verdict: 'known' };
    if (sameName !== undefined) return { user: sameName, verdict: 'levelAboveLimit' };
    return { user: decoy, verdict: 'unknownUser' };
  }

  #decoy(name: Uint8Array): User {
    return new User(printableName(name), name, decoyKey(this.#decoySecret, name), 'callback');
  }
}

/** User id 1 is that of the user without a name (v2.0§6.9.1), and here there is none. */
export const FIRST_USER_ID = 2;
