/** What `add`, `delete`, `start`, `stop`, `discover --write` and `import` have in common: edit, then reload. */
import { failuresAmong, type ReloadResult } from '../fleet/reload-result.ts';
import { printable } from '../text/printable.ts';
import type { Inventory } from '../inventory/inventory.ts';
import { editInventoryFiles, type PlanEdit } from '../editing/edit-inventory-files.ts';
import type { OptionValues, Output } from './command.ts';
import { exitCodes, type ExitCode } from './exit-code.ts';
import { locateInventory, requestReload, type LiveInventory } from './live-inventory.ts';
import { renderProblems } from './render-problems.ts';

/** What the verbs that change the inventory have in common in their help. */
export const CHANGE_EXIT_CODES = `  2  the command line is wrong
  4  no permission to talk to vbmcd
  5  the inventory was changed and has errors, old ones: vbmcd keeps what it has until they are gone
  6  done, but a BMC does not answer (yet) although its address is there: vbmcd goes on trying`;

export interface Change {
  readonly place: LiveInventory;
  readonly inventory: Inventory;
  readonly changed: boolean;
  /** `null` when no vbmcd has this inventory. */
  readonly reload: ReloadResult | null;
}

/** Edits the inventory and has vbmcd take it over. Throws `Refusal` and `ControlFailure`. */
export async function changeInventory(
  options: OptionValues,
  plan: PlanEdit,
  place?: LiveInventory,
): Promise<Change> {
  const where = place ?? (await locateInventory(options));
  const { inventory, changed } = await editInventoryFiles(where.path, plan);
  const reload = where.live ? await requestReload(String(options['runDir'])) : null;
  return { place: where, inventory, changed, reload };
}

/** Says what did not come of a change of the BMCs `names`; silent when all went well. */
export function reportChange(
  { place, changed, reload }: Change,
  names: readonly string[],
  output: Output,
): ExitCode {
  if (reload === null) {
    const done = changed ? 'was changed' : 'did not have to be changed';
    output.problem(`vbmc: ${place.path} ${done}; no vbmcd runs with it\n`);
    return exitCodes.done;
  }
  if (reload.outcome === 'rejected') {
    const errors = reload.errors.map((error) => `  ${printable(error, 2000)}\n`).join('');
    output.problem(`vbmc: vbmcd keeps what it has until these errors of ${place.path} are gone:\n${errors}`);
    return exitCodes.inventoryRejected;
  }
  const own = reload.problems.filter(({ name }) => names.includes(name));
  output.problem(renderProblems(own));
  return failuresAmong(own).length === 0 ? exitCodes.done : exitCodes.notAnswering;
}
