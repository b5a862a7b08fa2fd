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
  /** Whether libvirt was asked to destroy the domain. `unknown`: it was not, or an earlier vbmcd could not write it down in time. */
  readonly destroy: 'asked' | 'notAsked' | 'unknown';
  /** Since the change began; negative when the clock was set back, NaN when the record's date is none. */
  readonly ageMs: number;
  /** Since libvirt was asked for the destroy, if it was; likewise. */
  readonly destroyAgeMs: number;
}

export type Verdict =
  | 'wait'
  /** Ask the worker for the start. */
  | 'finish'
  /** The domain has been started, by whomever: nothing is owed any more. */
  | 'runs'
  /** The worker before has ended before the domain was switched off. */
  | 'wasNeverOff'
  /** Likewise, and another cause has switched it off since. */
  | 'isNotOurs'
  /** Too much may have happened to the domain since. */
  | 'isTooOld'
  /** The clock was set back: nobody knows how long ago the change began. */
  | 'hasNoAge'
  | 'migratedAway';

/** For the log, and for the operator who looks later. */
export const whyGivenUp = {
  hasNoAge: 'the clock was set back, so nobody knows how long ago it was cut',
  isTooOld: `it was cut more than ${OWED_START_LIMIT_MS / 60_000} minutes ago`,
  migratedAway: 'the domain was migrated away to another host',
} as const satisfies Partial<Record<Verdict, string>>;

const neverStarted: ReadonlySet<DomainState> = new Set(['noState', 'startingUp', 'shutOff', 'migratedAway']);

/** Whether the domain has been started here. A start that libvirt has begun may fail, which no event reports. */
export function hasStarted(domainState: DomainState): boolean {
  return !neverStarted.has(domainState);
}

export function verdictOn(status: OwedStartStatus, domainState: DomainState): Verdict {
  const { isHeld, isGivenUp, wasOff, destroy, destroyAgeMs } = status;
  if (!hasStarted(domainState)) {
    const tellsNothing = domainState === 'noState' || domainState === 'startingUp';
    if (isHeld || isGivenUp || tellsNothing) return 'wait';
    if (domainState === 'migratedAway') return 'migratedAway';
    return destroy === 'notAsked' ? 'isNotOurs' : whetherToFinish(status);
  }
  if (wasOff || isGivenUp) return 'runs';
  if (isHeld) return 'wait';
  // libvirt may still carry out the destroy of a worker that has gone.
  const mayGoOff = destroy === 'asked' && destroyAgeMs >= 0 && destroyAgeMs <= CUT_DESTROY_MS;
  return mayGoOff ? 'wait' : 'wasNeverOff';
}

function whetherToFinish({ ageMs }: OwedStartStatus): Verdict {
  if (!(ageMs >= 0)) return 'hasNoAge';
  return ageMs <= OWED_START_LIMIT_MS ? 'finish' : 'isTooOld';
}
