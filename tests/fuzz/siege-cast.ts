import type { PrivilegeLevel } from '@vbmc/ipmi-codec';
import type { RemoteAddress } from '#worker/core/terms/remote-address.ts';
import { User } from '#worker/core/session/user.ts';
import { shortPasswordOf } from '#support/bmc/console-v1-5-of-bmc.ts';
import { seededBytes } from '#support/bmc/seeded-bytes.ts';

/** The user whose session is nobody else's business. */
export const BYSTANDER = 'bystander';
export const bystanderAddress: RemoteAddress = { address: '198.51.100.1', port: 50_000 };

/** Where the players send from. The last is the bystander's own address: a source address can be forged. */
export const sources: readonly RemoteAddress[] = [
  { address: '192.0.2.7', port: 40_001 },
  { address: '192.0.2.7', port: 40_002 },
  { address: '::ffff:192.0.2.8', port: 623 },
  { address: '2001:db8::9', port: 6_230 },
  { address: '203.0.113.66', port: 0 },
  bystanderAddress,
];

const privilegeOf: readonly (readonly [string, PrivilegeLevel])[] = [
  ['administrator', 'administrator'],
  ['operator', 'operator'],
  ['user', 'user'],
  ['callback', 'callback'],
  [BYSTANDER, 'administrator'],
];

const utf8 = new TextEncoder();

/** The BMC's users with these passwords; one without is left out. */
export function usersWith(password: (name: string) => string | undefined): User[] {
  return privilegeOf.flatMap(([name, privilege]) => {
    const secret = password(name);
    return secret === undefined ? [] : [new User(name, utf8.encode(name), utf8.encode(secret), privilege)];
  });
}

/** What a user's password becomes when a reload changes it. */
export const NEW_PASSWORD = 'another secret';
export const kgOfSiege = seededBytes(77)(20);

/** What must never be seen outside, as text. */
export const secrets: readonly string[] = [
  ...privilegeOf.map(([name]) => shortPasswordOf(name)),
  NEW_PASSWORD,
  Buffer.from(kgOfSiege).toString('latin1'),
];
