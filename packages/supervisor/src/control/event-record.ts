/** An event as it is kept and sent to clients. */
import type { LogLevel } from '../log/log-level.ts';

export type EventFacts = Readonly<Record<string, string | number | boolean>>;

export interface EventRecord {
  /** Starts at 1 with vbmcd, without gaps. */
  readonly seq: number;
  /** ISO 8601 in UTC. */
  readonly at: string;
  readonly level: LogLevel;
  /** The kind: `sessionOpened`, `workerEnded`, … */
  readonly event: string;
  /** `null` when the event is about vbmcd as a whole. */
  readonly bmc: string | null;
  /** For people, one line. */
  readonly message: string;
  /** For programs; depends on the kind. */
  readonly facts: EventFacts;
}
