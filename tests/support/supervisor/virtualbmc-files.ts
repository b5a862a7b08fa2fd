import { chmodSync, mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { formatDiagnostic } from '#supervisor/inventory/diagnostic.ts';
import type { Inventory } from '#supervisor/inventory/inventory.ts';
import { readInventory } from '#supervisor/inventory/read-inventory.ts';
import { temporaryDirectory } from '#support/temporary-directory.ts';

export interface VirtualBmcPlace {
  /** What holds the inventory: `domains.ini`. */
  readonly inventory: string;
  /** VirtualBMC's, with a directory for each BMC. */
  readonly directory: string;
  /** Writes NAME/config as VirtualBMC does, and returns its path. */
  readonly write: (name: string, text: string) => string;
}

/** An inventory whose `virtualbmc_dir` is a directory next to it. `further`: more text of the inventory. */
export function virtualBmcPlace(further = '', settings = 'virtualbmc_dir = theirs\n'): VirtualBmcPlace {
  const place = temporaryDirectory();
  const [inventory, directory] = [join(place, 'domains.ini'), join(place, 'theirs')];
  writeFileSync(inventory, `[vbmc]\n${settings}${further}`, { mode: 0o600 });
  mkdirSync(directory, { mode: 0o700 });
  return {
    inventory,
    directory,
    write: (name, text) => {
      mkdirSync(join(directory, name), { recursive: true });
      const path = join(directory, name, 'config');
      writeFileSync(path, text);
      chmodSync(path, 0o644);
      return path;
    },
  };
}

/** The file of a BMC, as VirtualBMC writes it after `vbmc add` and `vbmc start`. */
export function virtualBmcConfig(name: string, port: number, further = '', active = 'True'): string {
  return `[VirtualBMC]\nusername = admin\npassword = secret\nport = ${port}\naddress = ::\ndomain_name = ${name}\nlibvirt_uri = qemu:///system\nactive = ${active}\n${further}\n`;
}

export async function readPlace(
  { inventory }: Pick<VirtualBmcPlace, 'inventory'>,
  configFile?: string,
  home = '/nonexistent',
): Promise<Inventory> {
  const virtualBmc = { home, ...(configFile !== undefined && { configFile }) };
  return readInventory(inventory, { virtualBmc });
}

export function namesOf({ entries }: Inventory): readonly string[] {
  return entries.map((entry) => (entry.valid ? entry.settings.name : `invalid ${entry.name}`));
}

export function findingsOf({ diagnostics }: Inventory): readonly string[] {
  return diagnostics.map((diagnostic) => formatDiagnostic('domains.ini', diagnostic));
}
