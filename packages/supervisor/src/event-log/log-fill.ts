/** How full an event log is, for people, metrics and the sensor that tells it. Pure. */
import type { EventLogSettings, LogEntry, LogFill } from '@vbmc/bmc-worker/ipc';

/** What `vbmc show` and the metrics tell. */
export interface EventLogFigures {
  readonly entries: number;
  readonly capacity: number;
  /** Of the log's own clock before the host's, in seconds. */
  readonly clockOffset: number;
}

const ALMOST_FULL = 0.8;

export function isAlmostFull(entries: number, { capacity }: EventLogSettings): boolean {
  return entries >= capacity * ALMOST_FULL;
}

export function logFillOf(entries: readonly LogEntry[], settings: EventLogSettings): LogFill {
  const { length } = entries;
  return {
    isCleared: length === 1 && entries[0]?.fact.kind === 'logCleared',
    isAlmostFull: isAlmostFull(length, settings),
    isFull: settings.whenFull === 'stop' && length >= settings.capacity,
  };
}
