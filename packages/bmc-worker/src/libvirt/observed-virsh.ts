/** Reports each call of virsh when it has ended. */
import type { DomainFailureKind } from '../core/terms/domain-action.ts';
import type { Virsh } from './virsh.ts';

/** One call of virsh that has ended, for the metrics: none of its arguments and nothing that it printed. */
export interface VirshCall {
  readonly verb: string;
  readonly durationMs: number;
  readonly outcome: 'ok' | DomainFailureKind;
}

export interface VirshObserver {
  /** Milliseconds from any start; never goes back. */
  readonly now: () => number;
  readonly observe: (call: VirshCall) => void;
  /** Called before each reset of the domain. */
  readonly resets: () => void;
}

/** The same virsh, with each of its calls reported when it has ended. */
export function observed(virsh: Virsh, { now, observe, resets }: VirshObserver): Virsh {
  return async (verb, args, options) => {
    const startedAt = now();
    if (verb === 'reset') resets();
    const result = await virsh(verb, args, options);
    observe({
      verb: result.ran ?? verb,
      durationMs: now() - startedAt,
      outcome: result.ok ? 'ok' : result.failure.kind,
    });
    return result;
  };
}
