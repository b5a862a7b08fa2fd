import { completionCodeOnly } from './commands/response-data.ts';
import type { DomainAction, DomainActionKind, DomainActionOutcome } from '../terms/domain-action.ts';
import { limits } from '../terms/limits.ts';
import type { Session } from '../session/session.ts';

/** Actions that change the domain: one at a time. The others only ask. */
const changes: ReadonlySet<DomainActionKind> = new Set([
  'chassisControl',
  'setBootFlags',
  'recoverBootOverride',
  'followGuestReboot',
  'storePowerRestorePolicy',
]);

export function isChange(action: DomainAction): boolean {
  return changes.has(action.kind);
}

/** A request that waits for an action's outcome. */
export interface Waiter {
  /** Sends response data: a completion code and what follows. Called once. */
  readonly answer: (data: Uint8Array, now: number) => void;
  /** Makes the response data of the outcome. */
  readonly conclude: (outcome: DomainActionOutcome) => Uint8Array;
  readonly since: number;
  /** Whose request it is. */
  readonly session: Session | undefined;
  /** For events. */
  readonly user: string;
  readonly source: string;
}

export interface RunningAction {
  readonly id: number;
  readonly action: DomainAction;
  readonly startedAt: number;
  /** Who asked for it first; undefined when the BMC itself did. */
  readonly requester: Waiter | undefined;
  /** Why the BMC itself did; undefined for a request. */
  readonly cause: string | undefined;
  /** Who still waits for an answer. */
  readonly waiters: Waiter[];
  /** True when a waiter was told that it took too long. */
  answeredLate: boolean;
  /** True when a change ended since this began: what it reads may be the state before it. Not so the UUID. */
  outdated: boolean;
}

/** The change that ended last, for retransmissions that crossed its answer. */
interface EndedChange {
  readonly running: RunningAction;
  readonly outcome: DomainActionOutcome;
  readonly endedAt: number;
}

/**
 * The domain actions under way. Changes that are asked for exclude each other; equal questions share one answer
 * unless a change came between them; whoever waits too long gets a time-out (C3h) while the action goes on.
 *
 * What the BMC changes on its own account waits until no change is under way. A request meanwhile is not refused
 * for that: it follows, as `libvirt/` carries changes out one after another.
 *
 * A session that asks for the very change that it waits for means the one under way: ipmipower sends again
 * after 0.4 s with a new rqSeq, and from then on takes no answer but that request's.
 */
export class DomainWork {
  readonly #running = new Map<number, RunningAction>();
  readonly #sharedReads = new Map<DomainActionKind, RunningAction>();
  #lastChange: EndedChange | undefined;
  #lastId = 0;

  get isIdle(): boolean {
    return this.#running.size === 0;
  }

  /** The change of the domain that is under way. */
  get change(): DomainAction | undefined {
    return this.#change()?.action;
  }

  /** `start`: a new action to be carried out. `shared`: one under way will answer. `busy`: refuse with C0h. */
  join(
    action: DomainAction,
    waiter: Waiter | undefined,
    now: number,
    cause?: string,
  ): RunningAction | 'shared' | 'busy' {
    const changing = isChange(action) ? this.#change(waiter !== undefined) : undefined;
    if (changing !== undefined && !repeats(changing, action, waiter)) return 'busy';
    const shared = changing ?? this.#sharedReads.get(action.kind);
    if (shared !== undefined) {
      if (shared.waiters.length >= limits.waitersPerAction) return 'busy';
      if (waiter) shared.waiters.push(waiter);
      return 'shared';
    }
    const started: RunningAction = {
      id: ++this.#lastId,
      action,
      startedAt: now,
      requester: waiter,
      cause,
      waiters: waiter ? [waiter] : [],
      answeredLate: false,
      outdated: false,
    };
    this.#running.set(started.id, started);
    if (!isChange(action)) this.#sharedReads.set(action.kind, started);
    return started;
  }

  /** What came of the very change that this session asks for, when it has only just ended. */
  justEnded(action: DomainAction, waiter: Waiter, now: number): DomainActionOutcome | undefined {
    const last = this.#lastChange;
    if (last === undefined || now - last.endedAt > limits.crossingMs) return undefined;
    return repeats(last.running, action, waiter) ? last.outcome : undefined;
  }

  /** The session has sent something else: it has its answer, so nothing of it can cross that any more. */
  moveOn(session: Session | undefined): void {
    if (session !== undefined && this.#lastChange?.running.requester?.session === session) {
      this.#lastChange = undefined;
    }
  }

  /** The action that ended; its waiters are the caller's to answer. Undefined for an id that is not under way. */
  finish(id: number, outcome: DomainActionOutcome, now: number): RunningAction | undefined {
    const finished = this.#running.get(id);
    if (finished === undefined) return undefined;
    this.#running.delete(id);
    if (this.#sharedReads.get(finished.action.kind) === finished)
      this.#sharedReads.delete(finished.action.kind);
    if (isChange(finished.action)) {
      this.#lastChange = { running: finished, outcome, endedAt: now };
      // What was asked before the change ended may tell the state before it: nobody new joins it.
      this.#sharedReads.clear();
      for (const running of this.#running.values()) {
        running.outdated ||= !isChange(running.action) && running.action.kind !== 'readUuid';
      }
    }
    return finished;
  }

  /** Answers those who have waited too long. */
  expire(now: number): void {
    for (const running of this.#running.values()) {
      const limit = isChange(running.action) ? limits.changeAnswerMs : limits.readAnswerMs;
      while (running.waiters[0] !== undefined && now - running.waiters[0].since >= limit) {
        running.waiters.shift()?.answer(completionCodeOnly('timeout'), now);
        running.answeredLate = true;
      }
    }
  }

  #change(requestedOnly = false): RunningAction | undefined {
    for (const running of this.#running.values()) {
      if (isChange(running.action) && !(requestedOnly && running.requester === undefined)) return running;
    }
    return undefined;
  }
}

function repeats(running: RunningAction, action: DomainAction, waiter: Waiter | undefined): boolean {
  return (
    waiter?.session !== undefined &&
    running.requester?.session === waiter.session &&
    JSON.stringify(running.action) === JSON.stringify(action)
  );
}
