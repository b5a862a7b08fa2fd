/** Which BMCs of the inventory are exported, with their secrets as far as they can be read. */
import type { ExportedSecrets } from '../../export/exported-bmc.ts';
import { formatWithKey } from '../../inventory/diagnostic.ts';
import type { BmcSettings, InventoryEntry } from '../../inventory/inventory.ts';
import { checkInventory, readInventoryFiles } from '../../inventory/read-inventory.ts';
import { defined } from '../../text/records.ts';
import { findBmcs, nameOf } from '../known-bmcs.ts';
import { locateInventory, type InventoryChoice } from '../live-inventory.ts';

export interface Exportable {
  readonly settings: BmcSettings;
  readonly secrets: ExportedSecrets;
}

export interface LeftOut {
  readonly name: string;
  readonly reason: string;
}

export interface ExportableBmcs {
  readonly bmcs: readonly Exportable[];
  readonly leftOut: readonly LeftOut[];
}

/** Without names: all active BMCs. Invalid ones are left out. Throws a `Refusal` for unknown names. */
export async function readExportable(
  choice: InventoryChoice,
  names: readonly string[],
): Promise<ExportableBmcs> {
  const { path, virtualBmc } = await locateInventory(choice);
  const files = await readInventoryFiles(path, { virtualBmc });
  const inventory = await checkInventory(files, 'commandLine');
  const chosen =
    names.length === 0
      ? inventory.entries.filter((entry) => !entry.valid || entry.settings.active)
      : findBmcs(inventory, names);
  // An entry that is valid for the command line only has a made-up secret, because only the service can read it.
  const { entries } = await checkInventory(files, 'service');
  const complete = new Map(entries.map((entry) => [nameOf(entry), entry]));
  const bmcs: Exportable[] = [];
  // A file that cannot be read, for instance: its BMCs are unknown.
  const leftOut: LeftOut[] = inventory.diagnostics
    .filter(({ severity, section }) => severity === 'error' && section === undefined)
    .map((diagnostic) => ({ name: diagnostic.file ?? files.path, reason: formatWithKey(diagnostic) }));
  for (const entry of chosen) {
    if (!entry.valid) {
      leftOut.push({ name: entry.name, reason: entry.errors.map(formatWithKey).join('; ') });
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
  return defined({ password, kg });
}
