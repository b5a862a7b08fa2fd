/** The log of vbmcd. It also keeps the lines that are events, for operators who ask later. */
import type { EventRecord } from './event-record.ts';
import { EventRing } from './event-ring.ts';
import type { Clock } from '../host/clock.ts';
import type { LogLevel } from '../log/log-level.ts';
import { createLog, type Log, type LogFormat, type ProcessLog } from '../log/log.ts';
import type { LineStream } from '../log/standard-error.ts';

export interface EventLog extends ProcessLog {
  /** The lines with a field `event`, at every log level. */
  readonly events: EventRing;
}

/** `stream`: where the lines go in the place of standard error. */
export function createEventLog(
  level: LogLevel,
  format: LogFormat,
  clock: Pick<Clock, 'date'>,
  stream?: LineStream,
  place = 'standard error',
): EventLog {
  const events = new EventRing();
  const keep = (record: Omit<EventRecord, 'seq' | 'at'>): void => {
    events.add({ at: clock.date().toISOString(), ...record });
  };
  const lines = createLog(level, format, {
    ...(stream && { stream }),
    // A line about it would be lost as well.
    failed: () => {
      const message = `${place} cannot be written: lines of the log are lost`;
      keep({ level: 'error', event: 'logUnwritable', bmc: null, message, facts: {} });
    },
    recovered: (missed) => {
      const message = `${place} could not be written: ${missed} lines of this log were dropped`;
      log('warn', message, { event: 'logLinesDropped', missed });
    },
  });
  const log: Log = (lineLevel, message, fields = {}) => {
    lines.log(lineLevel, message, fields);
    const { event, bmc, ...facts } = fields;
    if (typeof event !== 'string') return;
    keep({ level: lineLevel, event, bmc: typeof bmc === 'string' ? bmc : null, message, facts });
  };
  return { log, events, droppedLines: lines.droppedLines };
}
