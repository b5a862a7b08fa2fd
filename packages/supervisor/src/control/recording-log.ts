/** A log that also keeps the lines that are events, for operators who ask later. */
import type { EventFacts, EventRing } from './event-ring.ts';
import type { Clock } from '../host/clock.ts';
import type { Log } from '../log/log.ts';

/** Adds lines with a field `event` to `ring` at every log level. */
export function recordingLog(log: Log, ring: EventRing, clock: Clock): Log {
  return (level, message, fields = {}) => {
    log(level, message, fields);
    const { event, bmc, ...rest } = fields;
    if (typeof event !== 'string') return;
    const facts: EventFacts = rest;
    ring.add({
      at: clock.date().toISOString(),
      level,
      event,
      bmc: typeof bmc === 'string' ? bmc : null,
      message,
      facts,
    });
  };
}
