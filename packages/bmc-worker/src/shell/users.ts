import { UserSlot } from '../core/session/user-slot.ts';
import type { BmcUsers } from '../core/session/user-directory.ts';
import { User } from '../core/session/user.ts';
import type { BmcUser, BmcUserSlot } from '../ipc/protocol.ts';

/** The core's users, from the supervisor's text. */
export function usersOf(users: readonly BmcUser[], slots: readonly BmcUserSlot[] = []): BmcUsers {
  return {
    users: users.map(
      ({ name, password, privilege }) => new User(name, Buffer.from(name), Buffer.from(password), privilege),
    ),
    slots: slots.map(
      ({ id, name, password, ...access }) =>
        new UserSlot(id, Buffer.from(name, 'hex'), Buffer.from(password, 'hex'), access),
    ),
  };
}
