/**
 * Folds the events of sessions that a client opens one after the other: the first of a user and an address is told at once,
 * the number of further ones after a minute. Pure.
 */
import type { BmcEvent } from '@vbmc/bmc-worker/ipc';

export type SessionEvent = Extract<BmcEvent, { kind: 'sessionOpened' | 'sessionClosed' }>;

/** A number of events like this one. */
export interface FoldedSessions {
  readonly event: SessionEvent;
  readonly times: number;
}

interface Fold {
  latest: SessionEvent | undefined;
  times: number;
  toldAtMs: number;
}

export const FOLDED_MS = 60_000;
/** Users and addresses that are told apart, per BMC. */
const MAXIMUM_FOLDS = 64;
const others = { user: 'any other user', source: 'other addresses' } as const;

export class SessionFolds {
  readonly #folds = new Map<string, Fold>();

  get isEmpty(): boolean {
    return this.#folds.size === 0;
  }

  /** What to tell at once. */
  take(event: SessionEvent, nowMs: number): SessionEvent | undefined {
    const address = event.source.replace(/:[0-9]+$/, '');
    const cause = event.kind === 'sessionClosed' ? event.cause : '';
    const key = [event.kind, cause, event.user, address].join(' ');
    if (this.#folds.has(key) || this.#folds.size < MAXIMUM_FOLDS)
      return this.#fold(key, event, { ...event, source: address }, nowMs);
    const other = { ...event, ...others };
    return this.#fold([event.kind, cause].join(' '), other, other, nowMs);
  }

  /** What to tell now that it has been folded for a minute. */
  due(nowMs: number): readonly FoldedSessions[] {
    return this.#told(nowMs, ({ toldAtMs }) => nowMs - toldAtMs >= FOLDED_MS);
  }

  /** What to tell because no more will come. */
  all(nowMs: number): readonly FoldedSessions[] {
    const told = this.#told(nowMs, () => true);
    this.#folds.clear();
    return told;
  }

  #fold(key: string, first: SessionEvent, further: SessionEvent, nowMs: number): SessionEvent | undefined {
    const fold = this.#folds.get(key);
    if (fold === undefined) {
      this.#folds.set(key, { latest: undefined, times: 0, toldAtMs: nowMs });
      return first;
    }
    fold.latest = further;
    fold.times += 1;
    return undefined;
  }

  #told(nowMs: number, isDue: (fold: Fold) => boolean): readonly FoldedSessions[] {
    const told: FoldedSessions[] = [];
    for (const [key, fold] of this.#folds) {
      if (!isDue(fold)) continue;
      if (fold.latest === undefined) {
        this.#folds.delete(key);
        continue;
      }
      told.push({ event: fold.latest, times: fold.times });
      this.#folds.set(key, { latest: undefined, times: 0, toldAtMs: nowMs });
    }
    return told;
  }
}
