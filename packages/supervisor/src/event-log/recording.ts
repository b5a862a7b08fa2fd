import type { Clock } from '../host/clock.ts';
import { DomainChronicle } from './domain-chronicle.ts';
import type { EventLog } from './event-log.ts';
import type { EventLogs } from './event-logs.ts';

/** The event log of a BMC and what writes it. */
export interface Recording {
  readonly log: EventLog;
  readonly chronicle: DomainChronicle;
}

/** `undefined`: there is no state directory. */
export function recordingOf(
  bmc: string,
  { clock, eventLogs }: { readonly clock: Clock; readonly eventLogs?: EventLogs },
): Recording | undefined {
  const log = eventLogs?.of(bmc);
  return log && { log, chronicle: new DomainChronicle(log, clock) };
}
