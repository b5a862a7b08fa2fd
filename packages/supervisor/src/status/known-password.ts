/** Whether a user has a password that everybody knows who knows VirtualBMC. Pure. */
import type { BmcConfiguration } from '@vbmc/bmc-worker/ipc';

const VIRTUALBMC_PASSWORD = 'password';

/** For `vbmc list`; `null` when no user has it. */
export function knownPasswordWarning(users: BmcConfiguration['users']): string | null {
  const user = users.find(({ password }) => password === VIRTUALBMC_PASSWORD);
  return user === undefined ? null : `${user.name} has VirtualBMC's default password`;
}
