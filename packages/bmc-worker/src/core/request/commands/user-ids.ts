import { FIRST_USER_ID } from '../../session/user-directory.ts';
import type { User } from '../../session/user.ts';
import type { SessionDirectory } from './handler.ts';

/** User ids have 6 bits. */
export const HIGHEST_USER_ID = 63;

/** The id of a user that has logged in. */
export function userIdOf(user: User | undefined, { users }: SessionDirectory): number {
  const slot = users.slots.find((one) => user !== undefined && one.user?.equals(user));
  if (slot !== undefined) return slot.id;
  const at = users.fixed.findIndex((one) => user !== undefined && one.equals(user));
  return Math.min(FIRST_USER_ID + at, HIGHEST_USER_ID);
}
