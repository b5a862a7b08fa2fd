/** The BMCs that a command line names, as they stand in the inventory. */
import { printable } from '../text/printable.ts';
import type { Inventory, InventoryEntry } from '../inventory/inventory.ts';
import { Refusal } from '../host/operator-error.ts';
import type { ArgumentDescription } from './command.ts';

export const bmcNames: ArgumentDescription = {
  flags: '<names...>',
  description: 'of BMCs, as vbmc list shows them',
  completes: 'bmcs',
};

export function nameOf(entry: InventoryEntry): string {
  return entry.valid ? entry.settings.name : entry.name;
}

/** One entry per name, each once. Throws a `Refusal` that names all unknown ones: nothing is done by halves. */
export function findBmcs({ entries }: Inventory, names: readonly string[]): readonly InventoryEntry[] {
  const found = new Map(entries.map((entry) => [nameOf(entry), entry]));
  const unknown = names.filter((name) => !found.has(name));
  if (unknown.length > 0) {
    const list = unknown.map((name) => printable(name)).join(', ');
    throw new Refusal(`there is no BMC ${list} in the inventory: vbmc list shows those that there are`);
  }
  return [...new Set(names)].flatMap((name) => found.get(name) ?? []);
}
