/** Removes what killed processes have left next to files that `writeInOneStep` writes: copies of them, of an inventory with its passwords. */
import { readdir, rm, stat } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';

/** Nobody took a lock that long. */
const LOCK_AGE_MS = 60_000;

/** As `writeInOneStep` names its files, and the edit lock of an earlier version. */
const UUID = '[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}';

/**
 * To be called under the lock of `files`: nobody else writes a new version of one then, so each that is there is left over. The
 * files of editors that wait for the lock are left over when they are old; `which`: so are all others, without the lock.
 */
export async function removeLeftovers(files: readonly string[], which: 'all' | 'old' = 'all'): Promise<void> {
  for (const directory of new Set(files.map((file) => dirname(file)))) {
    const names = new Set(files.filter((file) => dirname(file) === directory).map((file) => basename(file)));
    for (const entry of await readdir(directory)) {
      const [, name = '', lock] = new RegExp(`^\\.(.+?)(\\.lock)?\\.${UUID}$`).exec(entry) ?? [];
      if (!names.has(name)) continue;
      const path = join(directory, entry);
      if ((lock === undefined && which === 'all') || (await isOld(path))) await rm(path, { force: true });
    }
  }
}

async function isOld(path: string): Promise<boolean> {
  const status = await stat(path).catch(() => undefined);
  return status !== undefined && Date.now() - status.mtimeMs > LOCK_AGE_MS;
}
