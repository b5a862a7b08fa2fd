/**
 * What vbmcd does about a bug of its own that nothing has contained: an exception or a rejected promise that no code caught.
 * It logs the bug and continues, because its end would end every BMC; docs/decisions.md has the reasons.
 */
import { TokenBucket } from '@vbmc/bmc-worker/ipc';
import type { Clock } from '../host/clock.ts';
import type { Log } from '../log/log.ts';
import { TOLERATED_BUGS, TOLERATED_BUGS_PERIOD_MS } from '../supervision/supervision-times.ts';
import { bugText } from '../text/bug-text.ts';

export interface BugToleranceOptions {
  readonly clock: Pick<Clock, 'now'>;
  readonly log: Log;
  readonly count: () => void;
  /** Ends vbmcd at once: so many bugs are one that does not go away. */
  readonly end: () => void;
}

/** The function returned takes what was thrown. */
export function bugTolerance({ clock, log, count, end }: BugToleranceOptions): (thrown: unknown) => void {
  const perSecond = TOLERATED_BUGS / (TOLERATED_BUGS_PERIOD_MS / 1000);
  const bucket = new TokenBucket(TOLERATED_BUGS, perSecond, clock.now());
  return (thrown) => {
    log('error', `this is a bug of vbmcd, please report it: ${bugText(thrown)}`, { event: 'internalError' });
    count();
    if (bucket.take(clock.now())) return;
    log('error', `more than ${TOLERATED_BUGS} bugs in a short time: vbmcd ends, so that it can start afresh`);
    end();
  };
}
