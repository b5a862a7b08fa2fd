import type { DeviceAnswer, DeviceQuestion } from '../terms/device-question.ts';
import type { Effect } from '../terms/effects.ts';
import { limits } from '../terms/limits.ts';

type TakeAnswer = (answer: DeviceAnswer, now: number) => void;

/** The questions of commands that the shell has not answered yet. */
export class OpenQuestions {
  readonly #emit: (effect: Effect) => void;
  readonly #waiting = new Map<number, TakeAnswer>();
  #lastId = 0;

  constructor(emit: (effect: Effect) => void) {
    this.#emit = emit;
  }

  /** False: too many wait, and nothing was asked. */
  ask(question: DeviceQuestion, take: TakeAnswer): boolean {
    if (this.#waiting.size >= limits.openQuestions) return false;
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
}
