import type { PrivilegeLevel } from '@vbmc/ipmi-codec';

/** The privilege levels that a user or a session may have, in rising order (v2.0§6.8). */
export const privileges = [
  'callback',
  'user',
  'operator',
  'administrator',
] as const satisfies readonly PrivilegeLevel[];
export type Privilege = (typeof privileges)[number];
