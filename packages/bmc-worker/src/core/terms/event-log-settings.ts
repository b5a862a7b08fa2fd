/** What an event log does when it is full: the oldest entry goes, or nothing comes any more. */
export const selWhenFull = ['wrap', 'stop'] as const;

/** The supervisor keeps the log. */
export interface EventLogSettings {
  /** How many entries it holds. */
  readonly capacity: number;
  readonly whenFull: (typeof selWhenFull)[number];
}

export const usualEventLog: EventLogSettings = { capacity: 512, whenFull: 'wrap' };
