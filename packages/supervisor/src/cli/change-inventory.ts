/** The verbs that change the inventory edit it, then have vbmcd reload it. */
import { editInventoryFiles, type PlanEdit } from '../editing/edit-inventory-files.ts';
import { failuresAmong, type ReloadProblem, type ReloadResult } from '../fleet/reload-result.ts';
import type { Inventory } from '../inventory/inventory.ts';
import { printable } from '../text/printable.ts';
import { exitCodes, type ExitCode } from './exit-code.ts';
import {
  locateInventory,
  requestReload,
  type InventoryChoice,
  type LiveInventory,
} from './live-inventory.ts';
import type { Output } from './output.ts';
import { makeInventoryDirectory } from './own-files.ts';

export interface Change {
  readonly place: LiveInventory;
  readonly inventory: Inventory;
  readonly changed: boolean;
  /** `null` when no vbmcd uses this inventory. */
  readonly reload: ReloadResult | null;
}

/** `removes`: the BMCs that the edit removes. Throws `Refusal` and `ControlFailure`. */
export async function changeInventory(
  options: InventoryChoice,
  plan: PlanEdit,
  { place, removes = [] }: { readonly place?: LiveInventory; readonly removes?: readonly string[] } = {},
): Promise<Change> {
  const where = place ?? (await locateInventory(options));
  await makeInventoryDirectory(where.path);
  const { inventory, changed } = await editInventoryFiles(where.path, plan, { virtualBmc: where.virtualBmc });
  const reload = where.live ? await requestReload(options.runDir, { allowRemoval: false, removes }) : null;
  return { place: where, inventory, changed, reload };
}

/** Reports what went wrong with a change of the BMCs `names`; prints nothing when all went well. */
export function reportChange(
  { place, changed, reload }: Change,
  names: readonly string[],
  output: Output,
): ExitCode {
  const path = printable(place.path, 5_000);
  if (reload === null) {
    const done = changed ? 'was changed' : 'needed no change';
    output.problem(`vbmc: ${path} ${done}; no running vbmcd uses it\n`);
    return exitCodes.done;
  }
  if (reload.outcome === 'rejected') {
    const errors = reload.errors.map((error) => `  ${printable(error, 2000)}\n`).join('');
    output.problem(`vbmc: vbmcd has not applied ${path}, because it has errors:\n${errors}`);
    return exitCodes.inventoryRejected;
  }
  const own = reload.problems.filter(({ name }) => names.includes(name));
  output.problem(renderProblems(own));
  return failuresAmong(own).length === 0 ? exitCodes.done : exitCodes.notAnswering;
}

/** Which BMCs do not answer after a reload, and why. */
export function renderProblems(problems: readonly ReloadProblem[]): string {
  return problems
    .map(({ name, status, reason }) => `vbmc: ${printable(name)} is ${status}: ${printable(reason, 1000)}\n`)
    .join('');
}
