import { FIRST_USER_ID } from '../../session/user-directory.ts';
import type { User } from '../../session/user.ts';
import type { SessionDirectory } from './handler.ts';

/** User ids have 6 bits. Users beyond log in like any other, and have no id. */
export const HIGHEST_USER_ID = 63;

export function lastUserId({ users }: SessionDirectory): number {
  return Math.min(FIRST_USER_ID + users.all.length - 1, HIGHEST_USER_ID);
}

/** Undefined for id 1, the user without a name, which this BMC does not have. */
export function userOfId(userId: number, { users }: SessionDirectory): User | undefined {
  return users.all[userId - FIRST_USER_ID];
}
