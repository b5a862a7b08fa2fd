/** What an operator wants to know about a BMC: structured records, logged by the supervisor. None holds a secret. */
import { domainActionKinds, domainFailureKinds } from './domain-action.ts';
import { privileges } from './privileges.ts';
import { watchdogEffects, watchdogUses } from './watchdog.ts';
import type { Fields, KindsOf } from './record-fields.ts';

/** Why a session ended. */
export const closeCauses = [
  /** By its remote console. */
  'closed',
  /** By an administrator, from another session. */
  'closedByAdministrator',
  /** By the operator of the hypervisor, with `vbmc sessions --close`. */
  'closedByOperator',
  /** An administrator has logged in, and this was the idlest session of a lower level. */
  'displaced',
  'timedOut',
  'userChanged',
  'bmcReset',
] as const;
export type CloseCause = (typeof closeCauses)[number];

/** Cold Reset and Warm Reset (v2.0§20.2, §20.3). */
export const bmcResets = ['cold', 'warm'] as const;
export type BmcReset = (typeof bmcResets)[number];

const failureFields = { kind: { oneOf: domainFailureKinds }, message: 'text' } as const satisfies Fields;

/**
 * Each kind of event with its fields. `omitted`: how many events that unauthenticated senders caused were left out
 * before this one because of their rate. `times`: how many events of the same source and user this one stands for.
 */
export const bmcEventFields = {
  sessionOpened: {
    source: 'shortText',
    user: 'shortText',
    /** Absent for an IPMI 1.5 session. */
    cipherSuiteId: { optional: 'octet' },
    privilege: { oneOf: privileges },
  },
  sessionClosed: { source: 'shortText', user: 'shortText', cause: { oneOf: closeCauses } },
  sessionRefused: {
    source: 'shortText',
    user: 'shortText',
    /** The RMCP+ status code that was sent; absent where IPMI 1.5 gives no answer. */
    status: { optional: 'octet' },
    /** More than the status code may say: it must not reveal to the sender which users exist. */
    reason: 'text',
    omitted: { optional: 'count' },
  },
  /**
   * The remote console did not answer RAKP Message 2, which proves that the BMC knows the password. ipmitool does the
   * same when it has another password. It now has a hash of the password to attack offline: that is never left out.
   */
  loginAbandoned: {
    /** Without a port when it stands for several. */
    source: 'shortText',
    user: 'shortText',
    /** True when there is no such user, so that no password was right. */
    unknownUser: { optional: 'flag' },
    times: { optional: 'count' },
  },
  /** That login failed too often and is refused for a while. */
  loginLockedOut: {
    /** The address, or IPv6 network, where the failures came from; without a port. */
    source: 'shortText',
    user: 'shortText',
    /** In a row. */
    failures: 'count',
    lockoutMs: 'milliseconds',
    /** True when the user is admitted in spite of it, because they have lately logged in from there. */
    exempt: { optional: 'flag' },
    times: { optional: 'count' },
  },
  /** A domain action that changes something has ended. */
  domainActionFinished: {
    action: { oneOf: domainActionKinds },
    /** For people: `power cycle`, `boot device pxe, one-shot`. */
    description: 'text',
    /** Empty when no user asked for the action; `source` then names the cause. */
    user: 'shortText',
    source: 'shortText',
    durationMs: 'milliseconds',
    /** Absent when it succeeded. */
    failure: { optional: { record: failureFields } },
    /** True when the remote console had been sent a time-out (C3h) before. */
    late: { optional: 'flag' },
    /** True for a client whose command was the same as one under way, and has shared its outcome. */
    shared: { optional: 'flag' },
  },
  /** A change was answered C0h, node busy. Reported once for each client and each change that is in its way. */
  changeRefused: {
    description: 'text',
    user: 'shortText',
    source: 'shortText',
    /** The change under way, described as in `description`. */
    underWay: 'text',
  },
  /** A client has reset the BMC, which ends all sessions and leaves the domain alone. */
  bmcReset: {
    reset: { oneOf: bmcResets },
    user: 'shortText',
    source: 'shortText',
    endedSessions: 'count',
  },
  /** The watchdog timer has expired, or is about to (`nmi`). What that does to the domain has an event of its own. */
  watchdogExpired: {
    use: { oneOf: watchdogUses },
    effect: { oneOf: watchdogEffects },
    /** True when the guest gets an NMI before the timer expires. */
    hasNmi: { optional: 'flag' },
    /** True when whoever set the timer wants nothing about it in the event log. */
    dontLog: { optional: 'flag' },
  },
  /** A domain was started, and its boot override could not be updated for that: a used one is still there. */
  bootOverrideUpdateFailed: { failure: { record: failureFields } },
  /** A change that switches the domain off and on again has begun, and vbmcd has not stored that. */
  changeNotProtected: {
    description: 'text',
    user: 'shortText',
    source: 'shortText',
    /** Why it is not stored. */
    reason: 'text',
  },
  /** `virsh` could not report the state or the UUID. Sent when the kind of failure changes, not on every poll. */
  domainUnreadable: { failure: { record: failureFields } },
  /** The supervisor did not read for a while: so many events and calls of `virsh` were left out before this one. */
  reportsLost: { count: 'count' },
} as const satisfies Readonly<Record<string, Fields>>;

export type BmcEvent = KindsOf<'kind', typeof bmcEventFields>;

export type SessionRefusedEvent = Extract<BmcEvent, { kind: 'sessionRefused' }>;
