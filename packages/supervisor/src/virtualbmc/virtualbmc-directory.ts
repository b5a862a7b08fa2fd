/** Reads the directory in which VirtualBMC keeps one directory per BMC. */
import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { errorCode } from '../host/error-code.ts';
import { Refusal } from '../host/operator-error.ts';

export interface VirtualBmcConfig {
  /** The name of its directory: the domain's. */
  readonly name: string;
  readonly path: string;
  readonly text: string;
}

/** Sorted by name. What is no directory with a `config` in it is VirtualBMC's own business: `master.pid`, for one. */
export async function readVirtualBmcDirectory(directory: string): Promise<readonly VirtualBmcConfig[]> {
  let names: string[];
  try {
    const found = await readdir(directory, { withFileTypes: true });
    names = found.filter((entry) => !entry.isFile()).map(({ name }) => name);
  } catch (error) {
    const code = errorCode(error);
    if (code !== 'ENOENT' && code !== 'ENOTDIR' && code !== 'EACCES') throw error;
    const reason = code === 'EACCES' ? 'may not be read by this user' : 'is no directory';
    throw new Refusal(
      `${directory} ${reason}: name the one of the user that ran VirtualBMC, for example /root/.vbmc`,
    );
  }
  const configs: VirtualBmcConfig[] = [];
  for (const name of names.sort()) {
    const path = join(directory, name, 'config');
    try {
      configs.push({ name, path, text: await readFile(path, 'utf8') });
    } catch (error) {
      if (!['ENOENT', 'ENOTDIR'].includes(errorCode(error) ?? '')) throw error;
    }
  }
  return configs;
}
