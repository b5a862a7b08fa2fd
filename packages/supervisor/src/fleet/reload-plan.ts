/** What a reload has to do: the difference between the present and the wanted BMCs. Pure. */
import { isDeepStrictEqual } from 'node:util';
import type { BmcConfiguration } from '@vbmc/bmc-worker/ipc';

export interface PlannedBmc {
  /** Whether it should run. */
  readonly active: boolean;
  readonly configuration: BmcConfiguration;
  /** What the operator should know of its file, for lists; no change of the BMC. */
  readonly notice?: string;
}

export const reloadKinds = [
  'added',
  'removed',
  /** Its worker has to be replaced. */
  'changed',
  /** Its worker gets the new users; nothing else differs. */
  'updated',
  /** `active` changed to yes. */
  'started',
  /** `active` changed to no. */
  'stopped',
  'unchanged',
] as const;
export type ReloadKind = (typeof reloadKinds)[number];

/** Names of BMCs; all but the removed ones in the order of the new inventory. */
export type ReloadPlan = Readonly<Record<ReloadKind, readonly string[]>>;

export function planReload(present: readonly PlannedBmc[], wanted: readonly PlannedBmc[]): ReloadPlan {
  const plan: Record<ReloadKind, string[]> = {
    added: [],
    removed: [],
    changed: [],
    updated: [],
    started: [],
    stopped: [],
    unchanged: [],
  };
  const before = new Map(present.map((bmc) => [bmc.configuration.name, bmc]));
  const after = new Set(wanted.map(({ configuration }) => configuration.name));
  for (const bmc of wanted) {
    const { name } = bmc.configuration;
    plan[compare(before.get(name), bmc)].push(name);
  }
  for (const name of before.keys()) if (!after.has(name)) plan.removed.push(name);
  return plan;
}

function compare(before: PlannedBmc | undefined, after: PlannedBmc): Exclude<ReloadKind, 'removed'> {
  if (before === undefined) return 'added';
  if (before.active !== after.active) return after.active ? 'started' : 'stopped';
  const { users: usersBefore, ...restBefore } = before.configuration;
  const { users: usersAfter, ...restAfter } = after.configuration;
  if (!isDeepStrictEqual(restBefore, restAfter)) return 'changed';
  return isDeepStrictEqual(usersBefore, usersAfter) ? 'unchanged' : 'updated';
}
