/** Whether VirtualBMC has BMCs on this machine that the inventory does not have: somebody may believe that they run. */
import { counted } from '../text/counted.ts';
import { nameList } from '../text/name-list.ts';
import type { Problem } from '../text/problem.ts';
import { findDirectory, type VirtualBmcEnvironment } from '../virtualbmc/find-directory.ts';
import { readVirtualBmcDirectory } from '../virtualbmc/virtualbmc-directory.ts';
import type { Inventory } from './inventory.ts';

/** `undefined` when there are none, or nobody may look. */
export async function unreadVirtualBmcs(
  { entries }: Inventory,
  environment: VirtualBmcEnvironment,
): Promise<Problem | undefined> {
  const { path } = await findDirectory(environment);
  const read = await readVirtualBmcDirectory(path);
  if (!read.ok) return undefined;
  // By the domain too, because an import may have given the BMC another name.
  const known = new Set(
    entries.flatMap((entry) =>
      entry.valid ? [entry.settings.name, entry.settings.domainName] : [entry.name, entry.domainName],
    ),
  );
  const unread = read.files.map(({ name }) => name).filter((name) => !known.has(name));
  if (unread.length === 0) return undefined;
  return {
    message: `${path} has ${counted(unread.length, 'BMC')} of VirtualBMC that the inventory does not have (${nameList(unread)})`,
    remedy: `import them with vbmc import virtualbmc, or write virtualbmc_dir = ${path} under [vbmc] of the inventory`,
  };
}
