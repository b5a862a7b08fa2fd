/** The BMC's watchdog timer (v2.0§27), which the supervisor keeps: it goes on while a worker is replaced. */

/** What the timer watches; one expiration flag each. */
export const watchdogUses = ['biosFrb2', 'biosPost', 'osLoad', 'smsOs', 'oem'] as const;
export type WatchdogUse = (typeof watchdogUses)[number];

/** What an expiry does to the domain. */
export const watchdogActions = ['none', 'hardReset', 'powerDown', 'powerCycle'] as const;
export type WatchdogAction = (typeof watchdogActions)[number];

/** The same, and the NMI before it. */
export const watchdogEffects = [...watchdogActions, 'nmi'] as const;

export interface WatchdogSetting {
  readonly use: WatchdogUse;
  readonly action: WatchdogAction;
  /** Whether an expiry is left out of the event log. */
  readonly dontLog: boolean;
  /** Whether a timer that runs goes on, from the new countdown. */
  readonly dontStop: boolean;
  /** How long before the expiry the guest gets an NMI, in seconds; absent: it gets none. */
  readonly nmiSeconds?: number;
  /** In units of 100 ms, up to FFFFh. */
  readonly initialCountdown: number;
  /** The uses whose expiration flags are cleared, as a bit each: bit 1 for the first of `watchdogUses`. */
  readonly clearFlags: number;
}

export interface WatchdogState extends Omit<WatchdogSetting, 'use' | 'dontStop' | 'clearFlags'> {
  /** `reserved` until the timer is first set. */
  readonly use: WatchdogUse | 'reserved';
  readonly isRunning: boolean;
  /** In units of 100 ms. */
  readonly presentCountdown: number;
  /** As `clearFlags`: the uses that have expired. */
  readonly expirationFlags: number;
  /** What the last expiry or NMI was, for a sensor; absent: none since the timer was last set. */
  readonly lastExpiry?: WatchdogExpiry['effect'];
}

/** The countdown has ended, or the time for the NMI before that has come. */
export interface WatchdogExpiry {
  readonly use: WatchdogUse;
  readonly effect: (typeof watchdogEffects)[number];
  /** Whether the timer interrupts the guest before it expires. */
  readonly hasNmi: boolean;
  readonly dontLog: boolean;
}

/** The cause of what the timer does to the domain, as the event about it names it. */
export const WATCHDOG_TIMER = 'watchdog timer';
