/** What follows for a start that is owed when the domain watch reports the domain's state. Pure; times in milliseconds. */
import type { DomainState } from '@vbmc/bmc-worker/ipc';
import { CUT_DESTROY_MS, OWED_START_LIMIT_MS } from '../supervision/supervision-times.ts';

export interface OwedStartStatus {
  /** Whether a worker is at it. */
  readonly isHeld: boolean;
  /** Whether vbmcd has given it up. */
  readonly isGivenUp: boolean;
  /** Whether the domain was reported off since the change began. */
  readonly wasOff: boolean;
  /** Since the change began; negative when the clock was set back, NaN when the record's date is none. */
  readonly ageMs: number;
}

export type Verdict =
  | 'wait'
  /** Ask the worker for the start. */
  | 'finish'
  /** The domain has been started, by whomever: nothing is owed any more. */
  | 'runs'
  /** The worker before has ended before the domain was switched off. */
  | 'wasNeverOff'
  /** Too much may have happened to the domain since. */
  | 'isTooOld'
  | 'migratedAway';

export function verdictOn(status: OwedStartStatus, domainState: DomainState): Verdict {
  const { isHeld, isGivenUp, wasOff, ageMs } = status;
  if (domainState === 'noState') return 'wait';
  if (domainState === 'shutOff' || domainState === 'migratedAway') {
    if (isHeld || isGivenUp) return 'wait';
    if (domainState === 'migratedAway') return 'migratedAway';
    return ageMs >= 0 && ageMs <= OWED_START_LIMIT_MS ? 'finish' : 'isTooOld';
  }
  if (wasOff || isGivenUp) return 'runs';
  // libvirt may still carry out the destroy of a worker that has gone.
  return isHeld || (ageMs >= 0 && ageMs <= CUT_DESTROY_MS) ? 'wait' : 'wasNeverOff';
}
