/** Which of the kept events a client wants. Pure. */
import type { LogLevel } from '../log/log-level.ts';
import type { EventRecord } from './event-record.ts';

export interface EventFilter {
  /** Only events with a higher number. */
  readonly since: number;
  /** Only events that are not older: ISO 8601 in UTC with milliseconds, as in the record, so that texts compare as instants. */
  readonly notBefore?: string;
  /** Only events of this BMC. */
  readonly bmc?: string;
  /** Only events of this level and more serious ones. */
  readonly level?: LogLevel;
  /** Only events of these kinds; all if there are none. */
  readonly kinds: readonly string[];
}

export const levelsBySeverity = ['error', 'warn', 'info', 'debug'] as const satisfies readonly LogLevel[];

export function isWanted(record: EventRecord, filter: EventFilter): boolean {
  const { since, notBefore, bmc, level, kinds } = filter;
  return (
    record.seq > since &&
    (notBefore === undefined || record.at >= notBefore) &&
    (bmc === undefined || record.bmc === bmc) &&
    (level === undefined || severityOf(record.level) <= severityOf(level)) &&
    (kinds.length === 0 || kinds.includes(record.event))
  );
}

function severityOf(level: LogLevel): number {
  return levelsBySeverity.indexOf(level);
}
