import type { DomainAction, DomainActionOutcome, OwedStart } from '../terms/domain-action.ts';
import type { RunningAction } from './action-queue.ts';

type FinishStart = Extract<DomainAction, { readonly kind: 'finishStart' }>;

/** A start that an earlier change owes, kept while another change is under way. */
export class DueOwedStart {
  #due: OwedStart | undefined;

  /** The supervisor asks for one at a time. */
  add(start: OwedStart): void {
    this.#due = start;
  }

  /** The action, handed out once. To be called when no change is under way. */
  next(): FinishStart | undefined {
    const start = this.#due;
    this.#due = undefined;
    return start && { kind: 'finishStart', start };
  }

  /** A power off begins, and takes the supervisor's note back: nothing is owed any more. */
  callOff(): void {
    this.#due = undefined;
  }

  /** A change has ended. A guest that a client has asked to shut down stays off; the note is taken back likewise. */
  takeEnd({ action, requester }: RunningAction, outcome: DomainActionOutcome): void {
    if (requester === undefined || !outcome.ok || action.kind !== 'chassisControl') return;
    if (action.chassisControl === 'softShutdown') this.#due = undefined;
  }
}
