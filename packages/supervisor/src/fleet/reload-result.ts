/** The answer to `POST /v1/reload`, shown by `vbmc reload`. */
import type { BmcStatus } from '../status/bmc-listing.ts';
import { reloadKinds, type ReloadPlan } from './reload-plan.ts';

export interface ReloadProblem {
  readonly name: string;
  readonly status: BmcStatus;
  readonly reason: string;
  /** Only its address is missing on this machine: the BMC starts when the address appears. */
  readonly awaitsAddress: boolean;
}

/** The new inventory applies. */
export interface AppliedReload extends ReloadPlan {
  readonly outcome: 'applied';
  /** BMCs that should have started or changed and do not answer yet; vbmcd keeps trying. And those that are `refused`. */
  readonly problems: readonly ReloadProblem[];
  /** BMCs that are as before, or do not run, because of their file of VirtualBMC. */
  readonly refused: readonly string[];
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

/** The problems that the operator has to solve; a missing address may appear by itself. */
export function failuresAmong(problems: readonly ReloadProblem[]): readonly ReloadProblem[] {
  return problems.filter(({ awaitsAddress }) => !awaitsAddress);
}

/** `1 added, 2 updated, 47 unchanged`; leaves out what is zero. */
export function countReload(plan: ReloadPlan): string {
  const counts = reloadKinds.flatMap((kind) =>
    plan[kind].length === 0 ? [] : [`${plan[kind].length} ${kind}`],
  );
  return counts.length === 0 ? 'no BMC' : counts.join(', ');
}
