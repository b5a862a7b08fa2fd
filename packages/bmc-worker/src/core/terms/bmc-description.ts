/** What an operator may know about the sessions and lock-outs of a BMC: plain data, no key, no session id. */
import { privileges } from './privileges.ts';
import type { Fields, RecordOf } from './record-fields.ts';

/** An active session. */
export const sessionFields = {
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
  /** As sent, escaped for a log; `any other name` when the source has tried too many to count them apart. */
  user: 'shortText',
  source: 'shortText',
  failures: 'count',
  remainingMs: 'milliseconds',
} as const satisfies Fields;
export type LockedOutLogin = RecordOf<typeof lockedOutLoginFields>;
