/** What an operator may know about the sessions and lock-outs of a BMC: plain data, no key, no session id. */
import { privileges } from './privileges.ts';
import type { Fields, RecordOf } from './record-fields.ts';

/** An active session. */
export const sessionFields = {
  /** For `vbmc sessions --close`; no session id. */
  id: 'shortText',
  user: 'shortText',
  /** The source of its last packet. */
  source: 'shortText',
  /** The present level. */
  privilege: { oneOf: privileges },
  /** The highest level that the session may be raised to. */
  privilegeLimit: { oneOf: privileges },
  /** `null` for an IPMI 1.5 session. */
  cipherSuiteId: { nullable: 'octet' },
  ageMs: 'milliseconds',
  /** Since its last packet. */
  idleMs: 'milliseconds',
} as const satisfies Fields;
export type SessionDescription = RecordOf<typeof sessionFields>;

/** A user name that is locked out at present. */
export const lockedOutLoginFields = {
  /** As sent, escaped for a log. */
  user: 'shortText',
  /** An address, or an IPv6 /64. */
  source: 'shortText',
  failures: 'count',
  remainingMs: 'milliseconds',
  /** True for a user who is admitted in spite of it, because they have lately logged in from there. */
  exempt: { optional: 'flag' },
} as const satisfies Fields;
export type LockedOutLogin = RecordOf<typeof lockedOutLoginFields>;

/** How many logins of a source (`sourceOf`) have failed. */
export const sourceFailuresFields = { source: 'shortText', failures: 'count' } as const satisfies Fields;
export type SourceFailures = RecordOf<typeof sourceFailuresFields>;
