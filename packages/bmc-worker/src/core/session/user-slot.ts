import { MAXIMUM_USER_NAME_LENGTH } from '@vbmc/ipmi-codec';
import type { SlotAccess } from '../terms/user-change.ts';
import { printableName, User } from './user.ts';

/** A user id that the inventory leaves free, and what clients have made of it. The key is a private field. */
export class UserSlot {
  readonly id: number;
  readonly access: SlotAccess;
  /** Whoever may log in; undefined without a name, without a password or while that is not allowed. */
  readonly user: User | undefined;
  readonly #name: Uint8Array;
  readonly #kuid: Uint8Array;

  /** `name` has at most 16 bytes, `kuid` (the password) at most 20. Both are empty if there is none. */
  constructor(id: number, name: Uint8Array, kuid: Uint8Array, access: SlotAccess) {
    this.id = id;
    this.access = access;
    this.#name = name;
    this.#kuid = kuid;
    const { isEnabled, ipmiMessaging, privilegeLimit } = access;
    const isComplete = name.length > 0 && kuid.length > 0 && isEnabled && ipmiMessaging;
    if (isComplete && privilegeLimit !== 'noAccess')
      this.user = new User(printableName(name), name, kuid, privilegeLimit);
  }

  /** 16 bytes, padded with zeros. */
  paddedName(): Uint8Array {
    const padded = new Uint8Array(MAXIMUM_USER_NAME_LENGTH);
    padded.set(this.#name);
    return padded;
  }

  kuid(): Uint8Array {
    return this.#kuid;
  }
}
