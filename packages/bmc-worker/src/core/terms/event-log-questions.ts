/** What commands ask about the event log and the domain's life, which the supervisor keeps. */
import type { LogEntry, StartCause } from './log-fact.ts';

export interface LogEntryChanges {
  /** Ids of entries that are gone. */
  readonly removed: readonly number[];
  /** Behind those that stay, oldest first. */
  readonly added: readonly LogEntry[];
}

export interface EventLogView {
  /** Changes with the entries. */
  readonly version: number;
  /** All of them, oldest first; or else `changes`. */
  readonly entries?: readonly LogEntry[];
  /** What has changed since the version that the asker knows. */
  readonly changes?: LogEntryChanges;
  /** How many entries it holds at most. */
  readonly capacity: number;
  /** Grows when entries go, because the log was full or by a command. */
  readonly removals: number;
  /** Whether entries were lost, because it was full. */
  readonly hasOverflowed: boolean;
  /** The time by the log's own clock, and when it was last added to and erased from; in seconds since 1970. */
  readonly time: number;
  readonly lastAddition?: number;
  readonly lastErase?: number;
}

export interface DomainRun {
  /** For how long the domain has run, in all its life under this BMC. */
  readonly operatingSeconds: number;
  readonly startCause: StartCause;
}

export interface EventLogQuestions {
  /** `known`: the version that the asker has. */
  readonly readEventLog: { readonly asks: { readonly known?: number }; readonly tells: EventLogView };
  /** Add a record of 16 bytes; tells its id. `undefined`: the log is full. */
  readonly addLogRecord: {
    readonly asks: { readonly record: Uint8Array };
    readonly tells: number | undefined;
  };
  /** Tells the id; `undefined`: there is no such entry. `removals`: nothing is done if entries have gone since. */
  readonly deleteLogEntry: {
    readonly asks: { readonly which: number | 'first' | 'last'; readonly removals: number };
    readonly tells: number | 'cancelled' | undefined;
  };
  readonly clearEventLog: {
    readonly asks: { readonly removals: number };
    readonly tells: 'cancelled' | undefined;
  };
  /** Set the log's own clock, in seconds since 1970. */
  readonly setLogTime: { readonly asks: { readonly time: number }; readonly tells: undefined };
  readonly readDomainRun: { readonly asks: unknown; readonly tells: DomainRun };
}
