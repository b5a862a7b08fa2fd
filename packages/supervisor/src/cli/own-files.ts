/** Makes directories when they are used for the first time: an ordinary user's for that user only. */
import { mkdir, writeFile } from 'node:fs/promises';
import { dirname } from 'node:path';
import { errorCode } from '../host/error-code.ts';
import { defaultPaths, type Paths } from './paths.ts';

const FIRST_INVENTORY = `; The BMCs of this user, one section each: man domains.ini
; vbmc add and vbmc discover --write write here.
`;

/** As the package makes that of the inventory. */
const SYSTEM_MODE = 0o750;

/** For an edit of the inventory at `path`. Root may have no package that makes its directory. */
export async function makeInventoryDirectory(
  path: string,
  paths: Paths = defaultPaths(),
  isRoot = process.geteuid?.() === 0,
): Promise<void> {
  if (path !== paths.inventory) return;
  if (paths.mode === 'user') await makePrivate(dirname(path));
  else if (isRoot) await mkdir(dirname(path), { recursive: true, mode: SYSTEM_MODE });
}

/** For vbmcd: those of `used` that are the user's own by default. A first inventory has no BMC. */
export async function makeOwnFiles(
  used: Pick<Paths, 'inventory' | 'runDirectory' | 'stateDirectory'>,
  paths: Paths = defaultPaths(),
): Promise<void> {
  if (paths.mode === 'system') return;
  for (const name of ['runDirectory', 'stateDirectory'] as const) {
    if (used[name] === paths[name]) await makePrivate(paths[name]);
  }
  if (used.inventory !== paths.inventory) return;
  await makePrivate(dirname(paths.inventory));
  try {
    await writeFile(paths.inventory, FIRST_INVENTORY, { mode: 0o600, flag: 'wx' });
  } catch (error) {
    if (errorCode(error) !== 'EEXIST') throw error;
  }
}

async function makePrivate(directory: string): Promise<void> {
  await mkdir(directory, { recursive: true, mode: 0o700 });
}
