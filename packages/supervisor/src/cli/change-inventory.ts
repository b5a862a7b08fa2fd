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

/** In characters: a path has at most 4,096 bytes. */
const LONGEST_PATH = 5_000;
/** An edit of many BMCs may change a file of VirtualBMC for each. */
const FILES_SHOWN = 5;

export interface Change {
  readonly place: LiveInventory;
  readonly inventory: Inventory;
  /** The files that were changed. */
  readonly written: readonly string[];
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
  const { inventory, written } = await editInventoryFiles(where.path, plan, { virtualBmc: where.virtualBmc });
  const reload = where.live ? await requestReload(options.runDir, { allowRemoval: false, removes }) : null;
  return { place: where, inventory, written, reload };
}

/** Reports what went wrong with a change of the BMCs `names`; prints nothing when all went well. */
export function reportChange(
  { place, written, reload }: Change,
  names: readonly string[],
  output: Output,
): ExitCode {
  const path = printable(place.path, LONGEST_PATH);
  const changed = `${listed(written)} was changed`;
  if (reload === null) {
    const done = written.length === 0 ? `${path} needed no change` : changed;
    output.problem(`vbmc: ${done}; no running vbmcd uses it\n`);
    return exitCodes.done;
  }
  if (reload.outcome === 'rejected') {
    const errors = reload.errors.map((error) => `  ${printable(error, 2000)}\n`).join('');
    const what = written.length === 0 ? '' : `${changed}, but `;
    output.problem(
      `vbmc: ${what}vbmcd has not applied ${path}, because it has errors (mend them, then: vbmc reload):\n${errors}`,
    );
    return exitCodes.inventoryRejected;
  }
  const own = reload.problems.filter(({ name }) => names.includes(name));
  output.problem(renderProblems(own));
  return failuresAmong(own).length === 0 ? exitCodes.done : exitCodes.notAnswering;
}

function listed(files: readonly string[]): string {
  const shown = files.slice(0, FILES_SHOWN).map((file) => printable(file, LONGEST_PATH));
  return [...shown, ...(files.length > FILES_SHOWN ? ['…'] : [])].join(', ');
}

/** Which BMCs do not answer after a reload, and why. */
export function renderProblems(problems: readonly ReloadProblem[]): string {
  return problems
    .map(({ name, status, reason }) => `vbmc: ${printable(name)} is ${status}: ${printable(reason, 1000)}\n`)
    .join('');
}
