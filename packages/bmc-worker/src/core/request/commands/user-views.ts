import { codesEqual, MAXIMUM_PASSWORD_LENGTH_V15, MAXIMUM_USER_NAME_LENGTH } from '@vbmc/ipmi-codec';
import { FIRST_USER_ID } from '../../session/user-directory.ts';
import type { UserSlot } from '../../session/user-slot.ts';
import type { User } from '../../session/user.ts';
import { SLOT_COUNT, type SlotAccess } from '../../terms/user-change.ts';
import type { SessionDirectory } from './handler.ts';
import { HIGHEST_USER_ID } from './user-ids.ts';

/** What IPMI can tell and change of a user id, whatever it is made of. */
export interface UserView extends SlotAccess {
  /** Its name, password and access cannot be changed by IPMI. */
  readonly isFixed: boolean;
  /** 16 bytes, padded with zeros. */
  readonly paddedName: Uint8Array;
  /** Takes the same time for every password of that length. `password` is without the zeros at its end. */
  readonly hasPassword: (password: Uint8Array) => boolean;
}

const nobodysAccess: SlotAccess = {
  passwordSize: 16,
  isEnabled: false,
  ipmiMessaging: false,
  linkAuthentication: false,
  privilegeLimit: 'noAccess',
  mayUseSol: false,
};

/** An id that has no user. */
function nobody(isFixed: boolean): UserView {
  return {
    ...nobodysAccess,
    isFixed,
    paddedName: new Uint8Array(MAXIMUM_USER_NAME_LENGTH),
    hasPassword: ({ length }) => length === 0,
  };
}

/** A user of the inventory. */
function fixedView(user: User): UserView {
  return {
    isFixed: true,
    paddedName: user.paddedName(),
    hasPassword: (password) => hasKey(user.kuid(), password),
    passwordSize: user.kuid().length > MAXIMUM_PASSWORD_LENGTH_V15 ? 20 : 16,
    isEnabled: true,
    ipmiMessaging: true,
    linkAuthentication: false,
    privilegeLimit: user.privilegeLimit,
    mayUseSol: true,
  };
}

function slotView(slot: UserSlot): UserView {
  return {
    ...slot.access,
    isFixed: false,
    paddedName: slot.paddedName(),
    hasPassword: (password) => hasKey(slot.kuid(), password),
  };
}

const LONGEST_PASSWORD = 20;

function hasKey(kuid: Uint8Array, password: Uint8Array): boolean {
  return codesEqual(padded(kuid), padded(password));
}

/** With its length, as that is all that tells a password from the same with zeros at its end. */
function padded(key: Uint8Array): Uint8Array {
  const bytes = new Uint8Array(LONGEST_PASSWORD + 1);
  bytes.set(key.subarray(0, LONGEST_PASSWORD));
  bytes[LONGEST_PASSWORD] = key.length;
  return bytes;
}

/** At least so many that clients find one without a user. Users of the inventory beyond 63 log in like any other, and have no id. */
export function lastUserId({ users }: SessionDirectory): number {
  return Math.max(SLOT_COUNT, Math.min(FIRST_USER_ID + users.fixed.length - 1, HIGHEST_USER_ID));
}

/** How many ids, from 1, have a name that IPMI cannot change. */
export function fixedNames({ users }: SessionDirectory): number {
  return Math.min(users.fixed.length + 1, HIGHEST_USER_ID);
}

/** Undefined: there is no such id. Id 1 belongs to the user without a name (v2.0§6.9.1), which this BMC does not have. */
export function viewOf(userId: number, sessions: SessionDirectory): UserView | undefined {
  if (userId === 0 || userId > lastUserId(sessions)) return undefined;
  const { users } = sessions;
  const fixed = users.fixed[userId - FIRST_USER_ID];
  if (fixed !== undefined) return fixedView(fixed);
  const slot = users.slots.find(({ id }) => id === userId);
  return slot === undefined ? nobody(userId < FIRST_USER_ID) : slotView(slot);
}

/** All ids, in order. */
export function allViews(sessions: SessionDirectory): readonly UserView[] {
  const ids = Array.from({ length: lastUserId(sessions) }, (_, at) => at + 1);
  return ids.flatMap((id) => viewOf(id, sessions) ?? []);
}
