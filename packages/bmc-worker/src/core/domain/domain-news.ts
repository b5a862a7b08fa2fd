import type { DomainMemory } from './domain-memory.ts';

/**
 * Counts what others have done to the domain. What was answered before the last of it may not hold any more: a client that asks again
 * gets the truth, not the recorded answer.
 */
export class DomainNews {
  readonly #memory: DomainMemory;
  #count = 0;
  /** Whether a report contradicts what a change of this BMC has just read back: it is late, or true. */
  #isSuspected = false;

  constructor(memory: DomainMemory) {
    this.#memory = memory;
  }

  add(): void {
    this.#count += 1;
  }

  /** Takes a report of the domain watch that has just been pushed. `hasChanged`: it is not the state that was known before. */
  takeReport(hasChanged: boolean, now: number): void {
    const contradicts = this.#memory.contradictsReadBack;
    if (contradicts && this.#memory.isSettling(now)) {
      this.#isSuspected = true;
      return;
    }
    this.#isSuspected = false;
    if (hasChanged) this.add();
  }

  /** A change of this BMC has read the state back. */
  settle(): void {
    this.#isSuspected = false;
  }

  countAt(now: number): number {
    if (this.#isSuspected && !this.#memory.isSettling(now)) {
      this.#isSuspected = false;
      this.add();
    }
    return this.#count;
  }
}
