/** Finds the BMCs that a command line names in the inventory. */
import { printable } from '../text/printable.ts';
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
    const list = unknown.map((name) => printable(name)).join(', ');
    throw new Refusal(`there is no BMC ${list} in the inventory`, { remedy: 'vbmc list shows all BMCs' });
  }
  return [...new Set(names)].flatMap((name) => found.get(name) ?? []);
}
