/** Edits the files of an inventory: all checks first, then each file in one step. */
import { realpath } from 'node:fs/promises';
import { type Diagnostic, formatDiagnostic } from '../inventory/diagnostic.ts';
import type { Inventory } from '../inventory/inventory.ts';
import { withEditLock } from './edit-lock.ts';
import { errorCode } from '../host/error-code.ts';
import { checkInventory, readInventoryFiles, type InventoryFiles } from '../inventory/read-inventory.ts';
import { Refusal } from '../host/operator-error.ts';
import { replaceFile } from '../host/replace-file.ts';

/** The new text of a file from its old one; `file` is its name, `undefined` for the inventory itself. */
export type EditText = (text: string, file: string | undefined) => string;

export interface EditedInventory {
  /** As it is now. */
  readonly inventory: Inventory;
  /** Whether any file had to be written. */
  readonly changed: boolean;
}

/** Looks at the inventory and decides; throws a `Refusal` when what was asked for cannot be. */
export type PlanEdit = (inventory: Inventory, files: InventoryFiles) => EditText;

/**
 * Lets `plan` look at the inventory and applies the edit that it returns to each file; returns the
 * inventory as it is now. Throws a `Refusal` when the edit would bring an error into it.
 */
export async function editInventoryFiles(path: string, plan: PlanEdit): Promise<EditedInventory> {
  const target = await realTarget(path);
  return withEditLock(target, async () => {
    const { files, exists } = await readOrEmpty(path);
    const before = checkInventory(files, 'commandLine');
    const edit = plan(before, files);
    const edited: InventoryFiles = {
      ...files,
      text: edit(files.text, undefined),
      included: files.included.map(({ name, text }) => ({ name, text: edit(text, name) })),
    };
    const after = checkInventory(edited, 'commandLine');
    refuseNewErrors(path, before, after);
    let changed = edited.text !== files.text;
    // Included files first: what they lose, a user of a BMC for instance, needs what the inventory still has.
    for (const [index, { name, text }] of edited.included.entries()) {
      const old = files.included[index]?.text;
      if (old === undefined || old === text) continue;
      await replaceFile(name, old, text);
      changed = true;
    }
    if (edited.text !== files.text) {
      await replaceFile(path, exists ? files.text : undefined, edited.text);
    }
    return { inventory: after, changed };
  });
}

function refuseNewErrors(path: string, before: Inventory, after: Inventory): void {
  // Lines move with an edit, in the texts of messages as well, so a known error is known by all else.
  const identity = (diagnostic: Diagnostic): string =>
    JSON.stringify({ ...diagnostic, line: 0 }).replaceAll(/\bline [0-9]+/g, 'line');
  const known = new Set(before.diagnostics.map(identity));
  const errors = after.diagnostics.filter(
    (diagnostic) => diagnostic.severity === 'error' && !known.has(identity(diagnostic)),
  );
  if (errors.length === 0) return;
  throw new Refusal(errors.map((error) => formatDiagnostic(path, error)).join('\n'));
}

async function realTarget(path: string): Promise<string> {
  try {
    return await realpath(path);
  } catch (error) {
    if (errorCode(error) === 'ENOENT') return path;
    throw error;
  }
}

/** An inventory that is not there yet is an empty one. */
export async function readOrEmpty(path: string): Promise<{ files: InventoryFiles; exists: boolean }> {
  try {
    return { files: await readInventoryFiles(path), exists: true };
  } catch (error) {
    if (errorCode(error) !== 'ENOENT') throw error;
    return { files: { path, text: '', included: [], diagnostics: [] }, exists: false };
  }
}
