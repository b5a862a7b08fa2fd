/** What sensors are made of, in libvirt's terms, and what the supervisor keeps for the BMC. */
import type { WatchdogExpiry } from './watchdog.ts';

/** Why libvirt has the domain off (virDomainShutoffReason), as far as sensors tell it apart. `other`: migrated, unknown. */
export const domainEnds = ['shutdown', 'destroyed', 'crashed', 'failed', 'saved', 'other'] as const;
export type DomainEnd = (typeof domainEnds)[number];

/** How full the event log is. */
export interface LogFill {
  /** Whether it has been cleared, and nothing has happened since. */
  readonly isCleared: boolean;
  /** Whether four fifths of it are used. */
  readonly isAlmostFull: boolean;
  /** Whether it takes no more entries. One that drops its oldest entries never is. */
  readonly isFull: boolean;
}

/** A part that is absent is not known. */
export interface SensorFacts {
  /** How much of its virtual processors the running domain has used lately, in percent. */
  readonly cpuPercent?: number;
  /** How the domain has ended, since it last started. */
  readonly end?: DomainEnd;
  /** Whether the guest has panicked since the domain last started. */
  readonly hasPanicked?: true;
  /** Whether a disk could not be read or written since the domain last started or was resumed. */
  readonly hasDiskFault?: true;
  /** Whether the domain has a disk. */
  readonly hasDisk?: boolean;
  /** What the watchdog timer has last done since it was set. */
  readonly watchdog?: WatchdogExpiry['effect'] | 'notExpired';
  readonly log?: LogFill;
}
