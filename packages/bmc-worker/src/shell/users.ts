import { User } from '../core/session/user.ts';
import type { BmcUser } from '../ipc/protocol.ts';

/** The core's users, from the supervisor's text. */
export function usersOf(users: readonly BmcUser[]): readonly User[] {
  return users.map(
    ({ name, password, privilege }) => new User(name, Buffer.from(name), Buffer.from(password), privilege),
  );
}
