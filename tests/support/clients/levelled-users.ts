/** Users of a BMC below the administrator, for tests of limits that depend on the level. */
import type { PrivilegeLevel } from '@vbmc/ipmi-codec';

export const levels = {
  monitor: 'user',
  grafana: 'user',
  nagios: 'user',
  ironic: 'operator',
} as const satisfies Record<string, PrivilegeLevel>;
export type UserName = keyof typeof levels;

export function accountOf(user: UserName): {
  readonly userName: UserName;
  readonly password: string;
  readonly privilegeLevel: PrivilegeLevel;
} {
  return { userName: user, password: `pw of ${user}`, privilegeLevel: levels[user] };
}

/** Sections of the inventory that give node-0 these users. */
export const LEVELLED_USER_SECTIONS = (Object.keys(levels) as UserName[])
  .map(accountOf)
  .map(
    ({ userName, password, privilegeLevel }) =>
      `[node-0 user ${userName}]\npassword = ${password}\nprivilege = ${privilegeLevel}\n`,
  )
  .join('\n');
