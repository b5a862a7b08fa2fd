/** Reads VirtualBMC's directory, which has one directory per BMC. */
import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { errorCode, namingFile } from '../host/error-code.ts';
import { Refusal } from '../host/operator-error.ts';

export interface VirtualBmcConfig {
  /** The name of its directory, which is the name of the domain. */
  readonly name: string;
  readonly path: string;
  readonly text: string;
}

/** Sorted by name. Ignores all but directories with a file `config`: `master.pid` for instance. */
export async function readVirtualBmcDirectory(directory: string): Promise<readonly VirtualBmcConfig[]> {
  let names: string[];
  try {
    const found = await readdir(directory, { withFileTypes: true });
    names = found.filter((entry) => !entry.isFile()).map(({ name }) => name);
  } catch (error) {
    const code = errorCode(error);
    if (code !== 'ENOENT' && code !== 'ENOTDIR' && code !== 'EACCES') throw error;
    const message =
      code === 'EACCES' ? `this user may not read ${directory}` : `${directory} is not a directory`;
    const remedy = 'name the directory of the user who ran VirtualBMC, for example /root/.vbmc';
    throw new Refusal(message, { remedy });
  }
  const configs: VirtualBmcConfig[] = [];
  for (const name of names.sort()) {
    const path = join(directory, name, 'config');
    try {
      configs.push({ name, path, text: await readFile(path, 'utf8') });
    } catch (error) {
      if (!['ENOENT', 'ENOTDIR'].includes(errorCode(error) ?? '')) throw namingFile(error, path);
    }
  }
  return configs;
}
