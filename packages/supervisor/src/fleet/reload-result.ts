/** What `POST /v1/reload` answers, and `vbmc reload` shows. */
import type { BmcStatus } from '../status/bmc-listing.ts';
import { reloadKinds, type ReloadPlan } from './reload-plan.ts';

export interface ReloadProblem {
  readonly name: string;
  readonly status: BmcStatus;
  readonly reason: string;
  /** All that is missing is its address on this machine: it starts when that comes. */
  readonly awaitsAddress: boolean;
}

/** The new inventory is live. */
export interface AppliedReload extends ReloadPlan {
  readonly outcome: 'applied';
  /** BMCs that were to start or to change and do not answer yet; vbmcd goes on trying. */
  readonly problems: readonly ReloadProblem[];
  /** `FILE:LINE: …` */
  readonly warnings: readonly string[];
  readonly durationMs: number;
}

/** The new inventory has errors: nothing was changed. */
export interface RejectedReload {
  readonly outcome: 'rejected';
  /** `FILE:LINE: …`, all of them. */
  readonly errors: readonly string[];
  readonly warnings: readonly string[];
}

export type ReloadResult = AppliedReload | RejectedReload;

/** Those that something has to be done about: an address may come by itself. */
export function failuresAmong(problems: readonly ReloadProblem[]): readonly ReloadProblem[] {
  return problems.filter(({ awaitsAddress }) => !awaitsAddress);
}

/** `1 added, 2 updated, 47 unchanged`; what did not happen is left out. */
export function countReload(plan: ReloadPlan): string {
  const counts = reloadKinds.flatMap((kind) =>
    plan[kind].length === 0 ? [] : [`${plan[kind].length} ${kind}`],
  );
  return counts.length === 0 ? 'no BMC' : counts.join(', ');
}
