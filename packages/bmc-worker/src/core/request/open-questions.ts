import type { DeviceAnswer, DeviceQuestion } from '../terms/device-question.ts';
import type { Effect } from '../terms/effects.ts';
import { TokenBucket } from '../admission/token-bucket.ts';
import type { Session } from '../session/session.ts';
import { limits } from '../terms/limits.ts';

type TakeAnswer = (answer: DeviceAnswer, now: number) => void;

/** The questions of commands that the shell has not answered yet. */
export class OpenQuestions {
  readonly #emit: (effect: Effect) => void;
  readonly #waiting = new Map<number, TakeAnswer>();
  /** What each session may still ask. Requests without a session share one. */
  readonly #budgets = new WeakMap<object, TokenBucket>();
  #lastId = 0;

  constructor(emit: (effect: Effect) => void) {
    this.#emit = emit;
  }

  /** False: too many wait, or this session asks too much, and nothing was asked. */
  ask(question: DeviceQuestion, session: Session | undefined, now: number, take: TakeAnswer): boolean {
    if (this.#waiting.size >= limits.openQuestions || !this.#budgetOf(session, now).take(now)) return false;
    this.#lastId += 1;
    this.#waiting.set(this.#lastId, take);
    this.#emit({ kind: 'question', id: this.#lastId, question });
    return true;
  }

  take(id: number, answer: DeviceAnswer, now: number): void {
    const take = this.#waiting.get(id);
    this.#waiting.delete(id);
    take?.(answer, now);
  }

  #budgetOf(session: Session | undefined, now: number): TokenBucket {
    const owner = session ?? this;
    const { burst, perSecond } = limits.questionsPerSession;
    const budget = this.#budgets.get(owner) ?? new TokenBucket(burst, perSecond, now);
    this.#budgets.set(owner, budget);
    return budget;
  }
}
