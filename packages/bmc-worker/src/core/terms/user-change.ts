/** Users that clients make by IPMI: what a user id has, and how it is changed. */
import { privileges, type Privilege } from './privileges.ts';

/** User ids have 6 bits, and 1 belongs to the user without a name. MAAS looks for an id without a user, so there are some. */
export const SLOT_COUNT = 10;

/** The highest privilege level of a user; `noAccess`: they cannot log in. */
export const slotPrivileges = [...privileges, 'noAccess'] as const;
export type SlotPrivilege = Privilege | 'noAccess';

/** The size in which a password was set, in bytes, however long it is. */
export const passwordSizes = [16, 20] as const;

export interface SlotAccess {
  readonly passwordSize: (typeof passwordSizes)[number];
  readonly isEnabled: boolean;
  readonly ipmiMessaging: boolean;
  /** Kept and read back. A LAN channel has no links that authenticate. */
  readonly linkAuthentication: boolean;
  readonly privilegeLimit: SlotPrivilege;
  /** Whether they may open Serial over LAN. */
  readonly mayUseSol: boolean;
}

/** What a command changes. A name without bytes removes the user, with password and access. */
export interface UserChange extends Partial<SlotAccess> {
  /** At most 16 bytes. */
  readonly name?: Uint8Array;
  /** At most 20 bytes; none: no password. */
  readonly password?: Uint8Array;
}
