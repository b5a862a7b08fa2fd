/** The power state of a BMC's domain as `vbmc list` and `vbmc show` tell it, from what its worker has answered. Pure. */
import type { DomainState, WorkerMessage } from '@vbmc/bmc-worker/ipc';
import { printable } from '../text/printable.ts';

export type PowerState = 'on' | 'off' | 'unknown';

export interface PowerReading {
  /** ISO 8601 in UTC. */
  readonly at: string;
  readonly powerState: PowerState;
  /** `null` while the power state is unknown. */
  readonly domainState: DomainState | null;
  /** Where the state comes from: the domain watch, or the worker's own call of virsh; `null`: the worker has not answered. */
  readonly source: 'watch' | 'virsh' | null;
  /** Why the state is unknown. */
  readonly failure: string | null;
}

/** A message of a worker with its remedy; see MESSAGE_LENGTH in its virsh-error.ts. */
const LONGEST_FAILURE = 1_000;

/** Why the state is unknown while the worker has said nothing about it. */
export const NO_ANSWER_YET = 'the worker has no answer yet';

/**
 * `nowMs`: the time of day in milliseconds. `answer` is undefined if the worker has not answered in time; `lastFailure` is then
 * what it has said last, if that was no state.
 */
export function powerReadingOf(
  answer: Extract<WorkerMessage, { type: 'powerState' }> | undefined,
  nowMs: number,
  lastFailure?: string,
): PowerReading {
  const unknown = { powerState: 'unknown', domainState: null } as const;
  if (answer === undefined) {
    const failure = printable(lastFailure ?? NO_ANSWER_YET, LONGEST_FAILURE);
    return { at: new Date(nowMs).toISOString(), ...unknown, source: null, failure };
  }
  const { power, domainState, failure, source = 'virsh', ageMs } = answer;
  const at = new Date(nowMs - boundedAge(ageMs)).toISOString();
  if (power === undefined || domainState === undefined)
    return { at, ...unknown, source, failure: printable(failure ?? '', LONGEST_FAILURE) };
  return { at, powerState: power, domainState, source, failure: null };
}

/** The age that a worker reported, limited to a year so that the instant is a valid date. */
function boundedAge(ageMs: unknown): number {
  return typeof ageMs === 'number' ? Math.min(Math.max(0, ageMs), 31_536_000_000) : 0;
}
