import type { PrivilegeLevel } from '@vbmc/ipmi-codec';
import type { RemoteAddress } from '#worker/core/terms/remote-address.ts';
import { User } from '#worker/core/session/user.ts';
import { shortPasswordOf } from '#support/bmc/console-v1-5-of-bmc.ts';
import { seededBytes } from '#support/seeded-random.ts';

/** The user whose session the other clients must not be able to disturb. */
export const VICTIM = 'victim';
export const victimAddress: RemoteAddress = { address: '198.51.100.1', port: 50_000 };

/** The addresses that the clients send from. The last is the victim's own, because an attacker can forge it. */
export const sources: readonly RemoteAddress[] = [
  { address: '192.0.2.7', port: 40_001 },
  { address: '192.0.2.7', port: 40_002 },
  { address: '::ffff:192.0.2.8', port: 623 },
  { address: '2001:db8::9', port: 6_230 },
  { address: '203.0.113.66', port: 0 },
  victimAddress,
];

const privilegeOf: readonly (readonly [string, PrivilegeLevel])[] = [
  ['administrator', 'administrator'],
  ['operator', 'operator'],
  ['user', 'user'],
  ['callback', 'callback'],
  [VICTIM, 'administrator'],
];

const utf8 = new TextEncoder();

/** The BMC's users with these passwords; a user without a password is left out. */
export function usersWith(password: (name: string) => string | undefined): User[] {
  return privilegeOf.flatMap(([name, privilege]) => {
    const secret = password(name);
    return secret === undefined ? [] : [new User(name, utf8.encode(name), utf8.encode(secret), privilege)];
  });
}

/** A user's password after a reload has changed it. */
export const NEW_PASSWORD = 'another secret';
export const scenarioKg = seededBytes(77)(20);

/** Text that must never leave the BMC. */
export const secrets: readonly string[] = [
  ...privilegeOf.map(([name]) => shortPasswordOf(name)),
  NEW_PASSWORD,
  Buffer.from(scenarioKg).toString('latin1'),
];
