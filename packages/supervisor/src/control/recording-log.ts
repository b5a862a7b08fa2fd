/** A log that also keeps what an operator may ask for later: the lines that are events. */
import type { EventFacts, EventRing } from './event-ring.ts';
import type { Clock } from '../host/clock.ts';
import type { Log } from '../log/log.ts';

/** Lines with a field `event` go to `ring` as well, whatever level is logged. */
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
