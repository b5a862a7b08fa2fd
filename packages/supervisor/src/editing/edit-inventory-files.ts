/** Edits the files of an inventory: makes all checks first, then replaces each file in one step. */
import { realpath } from 'node:fs/promises';
import { type Diagnostic, formatDiagnostic } from '../inventory/diagnostic.ts';
import type { Inventory } from '../inventory/inventory.ts';
import { defined } from '../text/records.ts';
import { withEditLock } from './edit-lock.ts';
import { errorCode } from '../host/error-code.ts';
import {
  checkInventory,
  inventoryChecker,
  readInventoryFiles,
  type CheckFiles,
  type InventoryFiles,
  type ReadOptions,
} from '../inventory/read-inventory.ts';
import { removeLeftovers } from '../host/leftovers.ts';
import { Refusal } from '../host/operator-error.ts';
import { systemProblem } from '../host/system-problem.ts';
import { nameList } from '../text/name-list.ts';
import { printable } from '../text/printable.ts';
import { replaceInventory } from './replace-inventory.ts';
import { editedInclude, writeVirtualBmcEdits, type VirtualBmcEdits } from './edit-virtualbmc-files.ts';

/** In characters; a path has at most 4,096 bytes. */
const MAXIMUM_LENGTH = 5_000;

/** The new text of a file from its old one; `file` is its name, `undefined` for the inventory itself. */
export type EditText = (text: string, file: string | undefined) => string;

/** An edit of the inventory's own files, and of VirtualBMC's. */
export interface InventoryEdit {
  readonly text: EditText;
  readonly virtualBmcs: VirtualBmcEdits;
}

export interface EditedInventory {
  /** As it is after the edit. */
  readonly inventory: Inventory;
  /** The files that had to be written. */
  readonly written: readonly string[];
}

/** Decides on the edit from the inventory; throws a `Refusal` when the operator's request cannot be met. */
export type PlanEdit = (
  inventory: Inventory,
  files: InventoryFiles,
  check: CheckFiles,
) => EditText | InventoryEdit;

/**
 * Applies the edit that `plan` returns to each file. Throws a `Refusal` when the edit would add an error to the
 * inventory.
 */
export async function editInventoryFiles(
  path: string,
  plan: PlanEdit,
  options: ReadOptions = {},
): Promise<EditedInventory> {
  const target = await realTarget(path);
  return withEditLock(target, async () => {
    const files = await readInventoryFiles(path, { ...options, mayBeMissing: true });
    await removeLeftovers([target, ...files.included.map(({ name }) => name)]);
    const check = await inventoryChecker(files, 'commandLine');
    const before = check(files);
    const planned = plan(before, files, check);
    const { text: edit, virtualBmcs } =
      typeof planned === 'function' ? { text: planned, virtualBmcs: new Map() } : planned;
    const include = files.virtualBmcs && editedInclude(files.virtualBmcs, virtualBmcs);
    const edited: InventoryFiles = {
      ...files,
      text: edit(files.text, undefined),
      included: files.included.map(({ name, text }) => ({ name, text: edit(text, name) })),
      ...defined({ virtualBmcs: include }),
    };
    const after = await checkInventory(edited, 'commandLine');
    refuseNewErrors(path, before, after);
    const written: string[] = [];
    try {
      // Included files first: a user section there must not outlive its BMC's section in the inventory itself.
      for (const [index, { name, text }] of edited.included.entries()) {
        const old = files.included[index]?.text;
        if (old === undefined || old === text) continue;
        await replaceInventory(name, old, text);
        written.push(name);
      }
      if (edited.text !== files.text) {
        await replaceInventory(path, files.exists ? files.text : undefined, edited.text);
        written.push(path);
      }
      if (files.virtualBmcs !== undefined)
        await writeVirtualBmcEdits(files.virtualBmcs, virtualBmcs, (file) => written.push(file));
    } catch (error) {
      throw withWritten(error, written);
    }
    return { inventory: after, written };
  });
}

/** Tells how much of the edit was done. */
function withWritten(error: unknown, written: readonly string[]): unknown {
  const problem = error instanceof Refusal ? error : systemProblem(error);
  if (problem === undefined) return error;
  const { message, remedy } = problem;
  const done =
    written.length === 0 ? 'nothing was changed' : `only ${nameList(written)} was written before that`;
  return new Refusal(printable(`${message}; ${done}`, MAXIMUM_LENGTH), {
    cause: error,
    ...defined({ remedy }),
  });
}

function refuseNewErrors(path: string, before: Inventory, after: Inventory): void {
  // An edit moves lines, so an error that was there before is recognised by everything but its lines.
  const identity = ({ see, ...diagnostic }: Diagnostic): string =>
    JSON.stringify({ ...diagnostic, line: 0, ...defined({ seeFile: see?.file }) });
  const known = new Set(before.diagnostics.map(identity));
  const errors = after.diagnostics.filter(
    (diagnostic) => diagnostic.severity === 'error' && !known.has(identity(diagnostic)),
  );
  if (errors.length === 0) return;
  throw new Refusal(errors.map((error) => formatDiagnostic(path, error)).join('\n'), { hasLines: true });
}

async function realTarget(path: string): Promise<string> {
  try {
    return await realpath(path);
  } catch (error) {
    if (errorCode(error) === 'ENOENT') return path;
    throw error;
  }
}
