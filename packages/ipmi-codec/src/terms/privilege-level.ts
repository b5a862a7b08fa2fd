import { codeNames } from './code-names.ts';

/** Privilege levels, 4 bits, from lowest to highest (v2.0§6.8). */
export const privilegeLevel = { callback: 1, user: 2, operator: 3, administrator: 4 } as const;

export type PrivilegeLevel = keyof typeof privilegeLevel;

export const privilegeLevelNames = codeNames(privilegeLevel);

/** Whether `actual` is `required` or higher. */
export function privilegeSuffices(actual: PrivilegeLevel, required: PrivilegeLevel): boolean {
  return privilegeLevel[actual] >= privilegeLevel[required];
}

export function lowerPrivilege(a: PrivilegeLevel, b: PrivilegeLevel): PrivilegeLevel {
  return privilegeLevel[a] <= privilegeLevel[b] ? a : b;
}
