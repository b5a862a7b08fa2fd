/**
 * Limits the lines about each BMC and each domain, so that a worker that is broken or taken over fills neither the disk nor
 * the ring of events, whatever it reports. Lines left out are counted.
 */
import type { Clock } from '../host/clock.ts';
import { Quota } from './log-quota.ts';
import type { Log, LogFields } from './log.ts';

/** A client that changes its domain without a pause causes some 300, because each change waits for libvirt. */
export const LINES_PER_MINUTE = 600;
const MINUTE_MS = 60_000;

/** Clients with a password cause these at their own rate; the budget of the worker's channel bounds them. */
const unlimitedEvents: ReadonlySet<unknown> = new Set(['sessionOpened', 'sessionClosed']);

export function limitLinesPerSubject(log: Log, clock: Pick<Clock, 'now'>): Log {
  const quotas = new Map<string, Quota>();
  return (level, message, fields = {}) => {
    const subject = subjectOf(fields);
    if (subject === undefined || unlimitedEvents.has(fields.event)) {
      log(level, message, fields);
      return;
    }
    const quota = quotas.get(subject) ?? new Quota(LINES_PER_MINUTE, MINUTE_MS);
    quotas.set(subject, quota);
    const turn = quota.take(clock.now());
    if (!turn.granted) return;
    if (turn.missed > 0) {
      const about = {
        ...(fields['bmc'] !== undefined && { bmc: fields['bmc'] }),
        event: 'linesLeftOut',
      } as const;
      log('warn', `${turn.missed} lines about ${subject} were left out`, { ...about, missed: turn.missed });
    }
    log(level, message, fields);
  };
}

function subjectOf({ bmc, domain }: LogFields): string | undefined {
  if (bmc !== undefined) return `BMC ${String(bmc)}`;
  return domain === undefined ? undefined : `domain ${String(domain)}`;
}
