import { decoyKey, privilegeSuffices, type PrivilegeLevel } from '@vbmc/ipmi-codec';
import type { RandomBytes } from './random-bytes.ts';
import { printableName, User } from './user.ts';

/**
 * Whom a login claims to be. Only who has proved the password is told what is wrong beside it: `unknownUser`, which
 * nobody can prove, and `levelAboveLimit`.
 */
export interface Claim {
  /** A decoy with a key that nobody knows, when there is no such user. */
  readonly user: User;
  readonly verdict: 'known' | 'unknownUser' | 'levelAboveLimit';
}

/**
 * The users of the BMC, and a decoy for every other name. Each look-up does the same work whatever it finds: all
 * users are compared, and the decoy is made even if it is not needed.
 */
export class UserDirectory {
  readonly #decoySecret: Uint8Array;
  #users: readonly User[];

  constructor(users: readonly User[], random: RandomBytes) {
    this.#users = users;
    this.#decoySecret = random(32);
  }

  replace(users: readonly User[]): void {
    this.#users = users;
  }

  /** By name alone the first entry of that name is meant (v2.0§13.20, name-only look-up). `name` is at most 16 bytes. */
  findByName(name: Uint8Array): Claim {
    return this.#find(name, () => true);
  }

  /** Otherwise the first one of that name that may have the level. */
  findByNameAndLevel(name: Uint8Array, level: PrivilegeLevel): Claim {
    return this.#find(name, ({ privilegeLimit }) => privilegeSuffices(privilegeLimit, level));
  }

  #find(name: Uint8Array, mayBeMeant: (user: User) => boolean): Claim {
    const decoy = new User(printableName(name), name, decoyKey(this.#decoySecret, name), 'callback');
    const named = this.#users.filter((user) => user.isNamed(decoy));
    const meant = named.find(mayBeMeant);
    if (meant !== undefined) return { user: meant, verdict: 'known' };
    const [sameName] = named;
    if (sameName !== undefined) return { user: sameName, verdict: 'levelAboveLimit' };
    return { user: decoy, verdict: 'unknownUser' };
  }
}
