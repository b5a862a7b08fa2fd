/** What vbmcd knows of one start that is owed, beyond what is on disk. Pure. */
import type { OwedStartRecord } from './owed-start-record.ts';
import type { OwedStartStatus } from './owed-start-verdict.ts';

export interface OwedStartEntry {
  readonly record: OwedStartRecord;
  /** In the clock's time; undefined for a record of an earlier vbmcd. */
  readonly since: number | undefined;
  /** When libvirt was asked to destroy the domain; undefined if it was not, or for a record of an earlier vbmcd. */
  readonly destroyedSince: number | undefined;
  readonly isHeld: boolean;
  /** Whether its worker may have switched the domain off: the worker waits for the answer to its note. */
  readonly isAnswered: boolean;
  readonly wasOff: boolean;
  /** How often workers have left it. */
  readonly timesLeft: number;
  /** Why a worker has left it, as last told. */
  readonly leftBecause?: string;
}

/** For a record of an earlier vbmcd. */
export function entryFromDisk(record: OwedStartRecord): OwedStartEntry {
  return {
    ...{ record, since: undefined, destroyedSince: undefined },
    ...{ isHeld: false, isAnswered: true, wasOff: false, timesLeft: 0 },
  };
}

/** For a worker that is at it. */
export function newEntry(record: OwedStartRecord, since: number): OwedStartEntry {
  return {
    ...{ record, since, destroyedSince: undefined },
    ...{ isHeld: true, isAnswered: false, wasOff: false, timesLeft: 0 },
  };
}

/** `now`: in the clock's time; `date`: by the calendar, in milliseconds. */
export function statusOf(
  { record, since, destroyedSince, isHeld, wasOff }: OwedStartEntry,
  { now, date }: { readonly now: number; readonly date: number },
): OwedStartStatus {
  const isOfEarlier = since === undefined;
  // Measured where that can be; by the calendar across a restart of vbmcd.
  const ageMs = isOfEarlier ? date - new Date(record.at).getTime() : now - since;
  const without = isOfEarlier ? 'unknown' : 'notAsked';
  return {
    ...{ isHeld, isGivenUp: record.reason !== undefined, wasOff, ageMs },
    destroy: record.destroys === true ? 'asked' : without,
    destroyAgeMs: destroyedSince === undefined ? ageMs : now - destroyedSince,
  };
}
