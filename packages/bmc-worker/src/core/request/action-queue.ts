import type { DomainAction, DomainActionKind, DomainActionOutcome } from '../terms/domain-action.ts';
import { limits } from '../terms/limits.ts';
import type { Session } from '../session/session.ts';
import { conflictOf, isSameAction, type Conflict } from './change-conflicts.ts';
import { completionCodeOnly } from './commands/response-data.ts';

/** Actions that change the domain: one at a time. All others only read. */
const changes: ReadonlySet<DomainActionKind> = new Set([
  'chassisControl',
  'setBootFlags',
  'recoverBootOverride',
  'followGuestReboot',
  'finishStart',
  'storePowerRestorePolicy',
]);

export function isChange(action: DomainAction): boolean {
  return changes.has(action.kind);
}

/** A request that waits for an action's outcome. */
export interface Waiter {
  /** Sends response data: a completion code and what follows it. Called once. */
  readonly answer: (data: Uint8Array, now: number) => void;
  /** Makes the response data of the outcome. */
  readonly conclude: (outcome: DomainActionOutcome) => Uint8Array;
  readonly since: number;
  /** The session that sent the request. */
  readonly session: Session | undefined;
  /** For events. */
  readonly user: string;
  readonly source: string;
}

export interface RunningAction {
  readonly id: number;
  readonly action: DomainAction;
  readonly startedAt: number;
  /** The request that started it; undefined when the BMC did. */
  readonly requester: Waiter | undefined;
  /** Why the BMC started it; undefined for a request. */
  readonly cause: string | undefined;
  /** Requests that are not answered yet. */
  readonly waiters: Waiter[];
  /** The first request of each other session that shares this change; kept after a late answer. */
  readonly sharers: Waiter[];
  /** The clients that have been refused because of this change, and whom an event has told about. */
  readonly refused: Set<string>;
  /** True when a waiter was answered with a time-out. */
  answeredLate: boolean;
  /**
   * True when a change ended since this read began, so that it may report the state before the change. A change by this BMC
   * leaves the UUID as it is.
   */
  outdated: boolean;
}

/** An action to carry out, and the changes that it has called off. */
export interface StartedAction {
  readonly started: RunningAction;
  readonly calledOff: readonly RunningAction[];
}

/** What a new action may not begin beside; undefined for a change that comes when none begins any more. */
export interface Busy {
  readonly busyWith: RunningAction | undefined;
}

/** The change that ended last, for retransmissions that crossed its answer. */
interface EndedChange {
  readonly running: RunningAction;
  readonly outcome: DomainActionOutcome;
  readonly endedAt: number;
}

/**
 * The domain actions under way. Requested changes exclude each other, except for a power off (change-conflicts.ts). Equal reads
 * share one answer, unless a change came between them. A request that waits too long is answered with a time-out (C3h) while
 * its action continues.
 *
 * A change that the BMC starts itself begins only when no change is under way. A request that comes meanwhile is not refused:
 * `libvirt/` carries changes out one after another.
 */
export class ActionQueue {
  readonly #running = new Map<number, RunningAction>();
  readonly #sharedReads = new Map<DomainActionKind, RunningAction>();
  #lastChange: EndedChange | undefined;
  #lastId = 0;
  #beginsNoChange = false;

  get isIdle(): boolean {
    return this.#running.size === 0;
  }

  /** The change of the domain that is under way. */
  get change(): DomainAction | undefined {
    return this.#findChange()?.action;
  }

  /** From now on no change begins: the process ends when those under way have ended. */
  beginNoChange(): void {
    this.#beginsNoChange = true;
  }

  /** The new action, for the caller to carry out; `shared`: one under way will answer; `busyWith`: refuse with C0h. */
  join(
    action: DomainAction,
    waiter: Waiter | undefined,
    now: number,
    cause?: string,
  ): StartedAction | 'shared' | Busy {
    const rivals = isChange(action) ? this.#rivalsOf(action, waiter) : [];
    const refusing = rivals.find(({ conflict }) => conflict === 'isRefused')?.rival;
    if (refusing !== undefined) return { busyWith: refusing };
    const joined = rivals.find(({ conflict }) => conflict === 'joins')?.rival;
    const shared = joined ?? this.#sharedReads.get(action.kind);
    if (shared !== undefined) {
      if (shared.waiters.length >= limits.waitersPerAction) return { busyWith: shared };
      if (waiter) {
        shared.waiters.push(waiter);
        noteSharer(shared, waiter);
      }
      return 'shared';
    }
    if (this.#beginsNoChange && isChange(action)) return { busyWith: rivals[0]?.rival };
    const calledOff = rivals.filter(({ conflict }) => conflict === 'callsOff').map(({ rival }) => rival);
    return { started: this.#start(action, waiter, now, cause), calledOff };
  }

  #start(
    action: DomainAction,
    waiter: Waiter | undefined,
    now: number,
    cause: string | undefined,
  ): RunningAction {
    this.#lastId += 1;
    const started: RunningAction = {
      id: this.#lastId,
      action,
      startedAt: now,
      requester: waiter,
      cause,
      waiters: waiter ? [waiter] : [],
      sharers: [],
      refused: new Set(),
      answeredLate: false,
      outdated: false,
    };
    this.#running.set(started.id, started);
    if (!isChange(action)) this.#sharedReads.set(action.kind, started);
    return started;
  }

  /** The outcome of this very change, if this session requested it and it has only just ended. */
  crossedOutcome(action: DomainAction, waiter: Waiter, now: number): DomainActionOutcome | undefined {
    const last = this.#lastChange;
    if (last === undefined || now - last.endedAt > limits.crossingMs) return undefined;
    return repeats(last.running, action, waiter) ? last.outcome : undefined;
  }

  /** The session has sent another request, so it has its answer: no retransmission can cross that any more. */
  endCrossing(session: Session | undefined): void {
    if (session !== undefined && this.#lastChange?.running.requester?.session === session)
      this.#lastChange = undefined;
  }

  /** The action that ended, for the caller to answer its waiters; undefined for an id that is not under way. */
  finish(id: number, outcome: DomainActionOutcome, now: number): RunningAction | undefined {
    const finished = this.#running.get(id);
    if (finished === undefined) return undefined;
    this.#running.delete(id);
    if (this.#sharedReads.get(finished.action.kind) === finished)
      this.#sharedReads.delete(finished.action.kind);
    if (isChange(finished.action)) this.#noteChange({ running: finished, outcome, endedAt: now });
    return finished;
  }

  /** Answers the requests that have waited too long. */
  expire(now: number): void {
    for (const running of this.#running.values()) {
      const limit = isChange(running.action) ? limits.changeAnswerMs : limits.readAnswerMs;
      while (running.waiters[0] !== undefined && now - running.waiters[0].since >= limit) {
        running.waiters.shift()?.answer(completionCodeOnly('timeout'), now);
        running.answeredLate = true;
      }
    }
  }

  /** Another program may have changed the domain: a read that began before may report what was before. */
  outdateReads(): void {
    this.#sharedReads.clear();
    for (const running of this.#running.values()) running.outdated ||= !isChange(running.action);
  }

  #noteChange(ended: EndedChange): void {
    this.#lastChange = ended;
    // A read that began before the change ended may report the state before it: no later request shares it.
    this.#sharedReads.clear();
    for (const running of this.#running.values())
      running.outdated ||= !isChange(running.action) && running.action.kind !== 'readUuid';
  }

  /** The changes under way, with what `action` does about each. */
  #rivalsOf(
    action: DomainAction,
    waiter: Waiter | undefined,
  ): { rival: RunningAction; conflict: Conflict }[] {
    return [...this.#running.values()]
      .filter((running) => isChange(running.action))
      .map((rival) => ({ rival, conflict: conflictBetween(rival, action, waiter) }));
  }

  #findChange(): RunningAction | undefined {
    for (const running of this.#running.values()) if (isChange(running.action)) return running;
    return undefined;
  }
}

function conflictBetween(rival: RunningAction, action: DomainAction, waiter: Waiter | undefined): Conflict {
  // The BMC's own changes begin when no other is under way.
  if (waiter === undefined) return 'isRefused';
  if (rival.requester === undefined) return conflictOf(action, { action: rival.action, askedBy: 'bmc' });
  const isSameSession = waiter.session !== undefined && rival.requester.session === waiter.session;
  return conflictOf(action, { action: rival.action, askedBy: isSameSession ? 'thisSession' : 'another' });
}

/** A retransmission comes from the session that has asked already. */
function noteSharer(running: RunningAction, waiter: Waiter): void {
  if (!isChange(running.action) || running.sharers.length >= limits.waitersPerAction) return;
  const known = [running.requester, ...running.sharers];
  if (!known.some((one) => one?.session === waiter.session)) running.sharers.push(waiter);
}

function repeats(running: RunningAction, action: DomainAction, waiter: Waiter): boolean {
  return (
    waiter.session !== undefined &&
    running.requester?.session === waiter.session &&
    isSameAction(running.action, action)
  );
}
