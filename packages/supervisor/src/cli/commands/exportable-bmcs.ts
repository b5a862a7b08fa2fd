/** Which BMCs of the inventory an export is about, and what may be told of each. */
import type { ExportedSecrets } from '../../export/exported-bmc.ts';
import type { BmcSettings, InventoryEntry } from '../../inventory/inventory.ts';
import { checkInventory, readInventoryFiles } from '../../inventory/read-inventory.ts';
import type { OptionValues } from '../command.ts';
import { findBmcs, nameOf } from '../known-bmcs.ts';
import { locateInventory } from '../live-inventory.ts';

export interface Exportable {
  readonly settings: BmcSettings;
  readonly secrets: ExportedSecrets;
}

export interface ExportableBmcs {
  readonly bmcs: readonly Exportable[];
  readonly leftOut: readonly { readonly name: string; readonly reason: string }[];
}

/** Without names all active ones; an invalid one is left out. Throws a `Refusal` for unknown names. */
export async function readExportable(
  options: OptionValues,
  names: readonly string[],
): Promise<ExportableBmcs> {
  const files = await readInventoryFiles((await locateInventory(options)).path);
  const inventory = checkInventory(files, 'commandLine');
  const chosen =
    names.length === 0
      ? inventory.entries.filter((entry) => !entry.valid || entry.settings.active)
      : findBmcs(inventory, names);
  // What is valid for the command line only has a secret that the service alone can read: its text is made up.
  const complete = new Map(checkInventory(files, 'service').entries.map((entry) => [nameOf(entry), entry]));
  const bmcs: Exportable[] = [];
  // A file that cannot be read, say: nobody knows which BMCs stand in it.
  const leftOut: { name: string; reason: string }[] = inventory.diagnostics
    .filter(({ severity, section }) => severity === 'error' && section === undefined)
    .map(({ file, message }) => ({ name: file ?? files.path, reason: message }));
  for (const entry of chosen) {
    if (!entry.valid) {
      const reason = entry.errors.map(({ key, message }) =>
        key === undefined ? message : `${key}: ${message}`,
      );
      leftOut.push({ name: entry.name, reason: reason.join('; ') });
      continue;
    }
    const { settings } = entry;
    bmcs.push({ settings, secrets: secretsOf(complete.get(settings.name)) });
  }
  return { bmcs, leftOut };
}

function secretsOf(entry: InventoryEntry | undefined): ExportedSecrets {
  if (entry?.valid !== true) return {};
  const { users, kg } = entry.settings;
  const password = users[0]?.password;
  return { ...(password !== undefined && { password }), ...(kg !== undefined && { kg }) };
}
