/** The event log as the supervisor has last told it. A client reads each record with a request of its own. */
import { ByteReader } from '@vbmc/ipmi-codec';
import type { BmcDevice } from '../../../domain/bmc-device.ts';
import type { EventLogView, LogEntryChanges } from '../../../terms/event-log-questions.ts';
import type { LogEntry } from '../../../terms/log-fact.ts';
import type { RandomBytes } from '../../../terms/random-bytes.ts';
import type { ImmediateResult } from '../../../terms/result.ts';
import { afterAnswer, type HandlerResult } from '../handler.ts';

/** For how long what the supervisor has told counts as news, in milliseconds: a listing of 512 records takes a few questions. */
const NEWS_MS = 250;
/** 2 bytes, never 0. */
const LAST_RESERVATION = 0xffff;

export interface KnownLog extends Omit<EventLogView, 'entries' | 'changes'> {
  /** Oldest first. */
  readonly entries: readonly LogEntry[];
}

/** What one BMC's worker remembers of its log. */
class LogMemory {
  #log: KnownLog | undefined;
  /** When it was last asked for, on the worker's clock. */
  #askedAt = -Infinity;
  /** How often this worker has asked for a change. */
  #changes = 0;
  #lastReservation: number | undefined;
  /** `removals`: of the log when it was reserved. */
  #reservation: { readonly id: number; readonly removals: number } | undefined;
  /** The reservation under which the log was last cleared: its client asks how far that is. */
  #clearedUnder: number | undefined;

  get log(): KnownLog | undefined {
    return this.#log;
  }

  isNews(now: number): boolean {
    return now - this.#askedAt < NEWS_MS;
  }

  /** The returned function takes the answer to a question that is asked now. */
  asks(now: number): (view: EventLogView) => KnownLog {
    const changes = this.#changes;
    const known = this.#log?.entries ?? [];
    return ({ entries, changes: news, ...rest }) => {
      const log = { ...rest, entries: entries ?? (news === undefined ? known : withChanges(known, news)) };
      this.#log = log;
      if (changes === this.#changes) this.#askedAt = now;
      return log;
    };
  }

  /** The log is about to be changed: what is known is no news any more. */
  changes(): void {
    this.#changes += 1;
    this.#askedAt = -Infinity;
  }

  /**
   * Reserves the log as it is (v2.0§31.4): the reservation ends when entries go, by whatever. Returns its id. The first one is drawn:
   * a client that has one of an earlier worker must not find it valid once this worker has given as many.
   */
  reserve({ removals }: Pick<EventLogView, 'removals'>, random: RandomBytes): number {
    const last = this.#lastReservation ?? new ByteReader(random(2)).u16();
    const id = (last % LAST_RESERVATION) + 1;
    this.#lastReservation = id;
    this.#reservation = { id, removals };
    this.#clearedUnder = undefined;
    return id;
  }

  /** How often entries had gone when a client got this reservation; undefined: it has ended, or there was none. */
  removalsAt(reservation: number): number | undefined {
    return this.#reservation?.id === reservation ? this.#reservation.removals : undefined;
  }

  cancelReservation(): void {
    this.#reservation = undefined;
  }

  /** The log has been cleared, which ends the reservation. */
  noteClear(reservation: number): void {
    this.cancelReservation();
    this.#clearedUnder = reservation;
  }

  /** Whether a client may ask how far a clear is. */
  mayAskAboutClear(reservation: number): boolean {
    return this.#clearedUnder === reservation || this.removalsAt(reservation) !== undefined;
  }
}

function withChanges(entries: readonly LogEntry[], { removed, added }: LogEntryChanges): readonly LogEntry[] {
  if (removed.length === 0 && added.length === 0) return entries;
  const gone = new Set(removed);
  return [...entries.filter(({ id }) => !gone.has(id)), ...added];
}

const memories = new WeakMap<BmcDevice, LogMemory>();

export function logMemoryOf(device: BmcDevice): LogMemory {
  const memory = memories.get(device) ?? new LogMemory();
  memories.set(device, memory);
  return memory;
}

/** The result that follows from the log, which is asked for unless that has just been done. */
export function fromLog<Response>(
  device: BmcDevice,
  now: number,
  conclude: (log: KnownLog) => ImmediateResult<Response>,
): HandlerResult<Response> {
  const memory = logMemoryOf(device);
  if (memory.log !== undefined && memory.isNews(now)) return conclude(memory.log);
  return fromPresentLog(device, now, conclude);
}

/** The same, asked for in any case: its time is exact. */
export function fromPresentLog<Response>(
  device: BmcDevice,
  now: number,
  conclude: (log: KnownLog) => ImmediateResult<Response>,
): HandlerResult<Response> {
  const memory = logMemoryOf(device);
  const take = memory.asks(now);
  const known = memory.log?.version;
  return afterAnswer({ kind: 'readEventLog', ...(known !== undefined && { known }) }, (view) =>
    conclude(take(view)),
  );
}
