/** Finds the BMCs that a command line names in the inventory. */
import { defined } from '../text/records.ts';
import { unknownBmcProblem } from '../text/unknown-bmc.ts';
import type { Inventory, InventoryEntry } from '../inventory/inventory.ts';
import { Refusal } from '../host/operator-error.ts';
import type { ArgumentDescription } from './command.ts';

export const bmcNames: ArgumentDescription = {
  flags: '<names...>',
  description: 'the names of BMCs, as vbmc list shows them',
  completes: 'bmcs',
};

export function nameOf(entry: InventoryEntry): string {
  return entry.valid ? entry.settings.name : entry.name;
}

/** One entry per name, each once. Throws a `Refusal` that lists all unknown names, so that nothing is half done. */
export function findBmcs({ entries }: Inventory, names: readonly string[]): readonly InventoryEntry[] {
  const found = new Map(entries.map((entry) => [nameOf(entry), entry]));
  const unknown = names.filter((name) => !found.has(name));
  if (unknown.length > 0) {
    const { message, remedy } = unknownBmcProblem(unknown, [...found.keys()]);
    throw new Refusal(message, defined({ remedy }));
  }
  return [...new Set(names)].flatMap((name) => found.get(name) ?? []);
}
