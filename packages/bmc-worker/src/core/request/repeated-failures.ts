/** Which failures of the BMC's own changes are told: it repeats some until they succeed, for as long as libvirt does not answer. */
import { isFollowUp } from '../domain/domain-reports.ts';
import type { DomainActionKind, DomainActionOutcome, DomainFailureKind } from '../terms/domain-action.ts';
import type { RunningAction } from './action-queue.ts';

function isRepeated({ action, requester }: RunningAction): boolean {
  return requester === undefined && (action.kind === 'setBootFlags' || isFollowUp(action));
}

export class RepeatedFailures {
  /** How each has failed since it last succeeded. */
  readonly #failed = new Map<DomainActionKind, DomainFailureKind>();

  /**
   * Takes the end of a change. `repeats`: it has failed as the attempt before it; `ends`: it has succeeded after failures; `single`:
   * neither.
   */
  take(finished: RunningAction, outcome: DomainActionOutcome): 'repeats' | 'ends' | 'single' {
    const { kind } = finished.action;
    if (outcome.ok) return this.#failed.delete(kind) ? 'ends' : 'single';
    if (!isRepeated(finished)) return 'single';
    const before = this.#failed.get(kind);
    this.#failed.set(kind, outcome.failure.kind);
    return before === outcome.failure.kind ? 'repeats' : 'single';
  }

  /** Nothing is left to do. */
  forget(kind: DomainActionKind): void {
    this.#failed.delete(kind);
  }
}
