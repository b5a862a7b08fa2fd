import {
  decoyKey,
  lowerPrivilege,
  MAXIMUM_PASSWORD_LENGTH_V15,
  privilegeSuffices,
  type PrivilegeLevel,
} from '@vbmc/ipmi-codec';
import type { RandomBytes } from '../terms/random-bytes.ts';
import type { UserSlot } from './user-slot.ts';
import { printableName, User } from './user.ts';

/**
 * The user that a login names. The BMC tells a verdict other than `known` only to a client that has proved the
 * password: that is possible for `levelAboveLimit`, but not for `unknownUser` (a decoy's key is secret) or, in IPMI
 * 1.5, for `passwordTooLong`. Without a password (RAKP-none) every client has proved it.
 */
export interface Claim {
  /** A decoy with a secret key if there is no such user. */
  readonly user: User;
  readonly verdict: 'known' | 'unknownUser' | 'passwordTooLong' | 'levelAboveLimit';
}

/** The users of the inventory, and the user ids that clients have changed. */
export interface BmcUsers {
  readonly users: readonly User[];
  readonly slots?: readonly UserSlot[];
}

/**
 * The users of the BMC, and a decoy for every other name. Each look-up does the same work for known and unknown names:
 * it compares all users, and makes the decoy even if it is not needed.
 */
export class UserDirectory {
  readonly #decoySecret: Uint8Array;
  readonly #privilegeLimit: PrivilegeLevel;
  /** Those that may log in. */
  #users: readonly User[] = [];
  #fixed: readonly User[] = [];
  #slots: readonly UserSlot[] = [];

  /** `privilegeLimit` caps the level of every user. */
  constructor(users: BmcUsers, privilegeLimit: PrivilegeLevel, random: RandomBytes) {
    this.replace(users);
    this.#privilegeLimit = privilegeLimit;
    this.#decoySecret = random(32);
  }

  replace({ users, slots = [] }: BmcUsers): void {
    this.#fixed = users;
    this.#slots = slots;
    // Whoever the inventory names is the inventory's user.
    const made = slots
      .flatMap(({ user }) => user ?? [])
      .filter((user) => !users.some((one) => one.isNamed(user)));
    this.#users = [...users, ...made];
  }

  /** Those that may log in: of the inventory, then made by IPMI. */
  get all(): readonly User[] {
    return this.#users;
  }

  /** Those of the inventory, in the order of their user ids, which begin at `FIRST_USER_ID`. */
  get fixed(): readonly User[] {
    return this.#fixed;
  }

  /** The user ids that clients have changed; all are higher than those of the inventory. */
  get slots(): readonly UserSlot[] {
    return this.#slots;
  }

  /** The highest level that a session of this user may have. */
  limitOf({ privilegeLimit }: User): PrivilegeLevel {
    return lowerPrivilege(privilegeLimit, this.#privilegeLimit);
  }

  /** Finds the first user of that name (v2.0§13.20, name-only look-up). `name` is at most 16 bytes. */
  findByName(name: Uint8Array): Claim {
    return this.#find(this.#decoy(name), 'callback');
  }

  /** Finds the first user of that name that may have the level. */
  findByNameAndLevel(name: Uint8Array, level: PrivilegeLevel): Claim {
    return this.#find(this.#decoy(name), level);
  }

  /** Finds the first user of that name for IPMI 1.5, which has no passwords of more than 16 bytes. */
  findByNameV15(name: Uint8Array): Claim {
    const decoy = this.#decoy(name);
    const claim = this.#find(decoy, 'callback');
    if (claim.user.kuid().length <= MAXIMUM_PASSWORD_LENGTH_V15 || claim.verdict !== 'known') return claim;
    return { user: decoy, verdict: 'passwordTooLong' };
  }

  /** With `callback`, the lowest level, the name alone decides, because every user may have that level. */
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

/** User id 1 belongs to the user without a name (v2.0§6.9.1), which this BMC does not have. */
export const FIRST_USER_ID = 2;
