/**
 * What the event log of a BMC records, in libvirt's terms. The supervisor keeps it, so that nothing is lost while a worker is down;
 * the worker makes SEL records of it (core/request/commands/storage/sel-records.ts).
 */
import type { Fields, KindsOf } from './record-fields.ts';
import { watchdogEffects, watchdogUses } from './watchdog.ts';

/** What the timer of a watchdog did when it expired. */
export const watchdogActions = ['none', 'reset', 'powerOff', 'powerCycle', 'interrupt'] as const;

/** Each kind of fact with its fields. One fact is one record. */
export const logFactFields = {
  /** The machine begins to boot: it was started, reset by its BMC or another program, or reset by its guest. */
  booted: { by: { oneOf: ['start', 'reset', 'guest'] } },
  /** The domain's power changed. `forcedOff`: destroyed; `softOff`: by the guest, or nobody knows how. */
  power: { state: { oneOf: ['working', 'suspendedToRam', 'suspendedToDisk', 'softOff', 'forcedOff'] } },
  /** The guest's operating system stopped. */
  osStopped: { how: { oneOf: ['panic', 'shutdown'] } },
  /** A disk cannot be read or written (the host's is full or away); `isOver`: it can again. */
  diskFault: { isOver: { optional: 'flag' } },
  /** Somebody has sent the guest a non-maskable interrupt. */
  nmi: {},
  /** The host's memory failed under the guest. */
  memoryFailure: {},
  /** A watchdog device of the domain expired. */
  watchdog: { action: { oneOf: watchdogActions } },
  /** The BMC's own watchdog timer expired, or (`nmi`) is about to. `hasNmi`: it interrupts the guest before it expires. */
  watchdogTimer: {
    use: { oneOf: watchdogUses },
    effect: { oneOf: watchdogEffects },
    hasNmi: { optional: 'flag' },
  },
  /** What that timer was set to do to the domain has failed for the first time. */
  watchdogActionFailed: {},
  /** Logins at the BMC fail: the first of a burst. */
  loginsFail: {},
  loginsLockedOut: {},
  logCleared: {},
  logAlmostFull: {},
  logFull: {},
  /** A client's own record: 32 hex digits (16 bytes). */
  record: { hex: 'shortText' },
} as const satisfies Readonly<Record<string, Fields>>;

export type LogFact = KindsOf<'kind', typeof logFactFields>;

/** The states of a `power` fact. */
export type LoggedPower = Extract<LogFact, { kind: 'power' }>['state'];

export interface LogEntry {
  /** 1 to FFFEh. */
  readonly id: number;
  /** By the log's own clock, in seconds since 1970. */
  readonly at: number;
  readonly fact: LogFact;
}

/** What caused the domain's present boot. */
export const startCauses = [
  'unknown',
  /** A power or reset command of a client of this BMC. */
  'command',
  /** The power restore policy, after the host has booted. */
  'policyAlwaysOn',
  'policyPreviousState',
  /** Another program: `virsh start`, a person. */
  'other',
  'guestReset',
  /** The BMC's watchdog timer has expired. */
  'watchdog',
] as const;
export type StartCause = (typeof startCauses)[number];
