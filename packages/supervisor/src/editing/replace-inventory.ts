/** Replaces a file of the inventory, which root may have named in a directory of another user. */
import { constants } from 'node:fs';
import { open } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import { holding, type HeldEntry } from '../host/held-directory.ts';
import { Refusal } from '../host/operator-error.ts';
import { replaceFile } from '../host/replace-file.ts';
import { isRootAlones } from '../host/root-alone.ts';
import type { ConfigFileText } from '../virtualbmc/read-config-text.ts';
import { replaceConfig } from './replace-config.ts';

const ROOT = 0;
const FLAGS = constants.O_RDONLY | constants.O_NONBLOCK | constants.O_NOFOLLOW;

/**
 * As `replaceFile` does. Whoever owns a directory above could lead root elsewhere between the check and the last write, by a link or
 * an exchange of directories: then the directory is held open, and their links are refused.
 */
export async function replaceInventory(
  path: string,
  before: string | undefined,
  after: string,
): Promise<void> {
  const checked = before === undefined ? dirname(path) : path;
  if (process.geteuid?.() !== ROOT || (await isRootAlones(checked))) {
    await replaceFile(path, before, after);
    return;
  }
  await holding(async (holder) => {
    const directory = await holder.directory(dirname(path));
    const name = basename(path);
    const entry = before === undefined ? { directory, name } : await holder.entry(directory, name);
    await replaceConfig(entry, before, after, readInventoryText);
  });
}

async function readInventoryText({ directory, name }: HeldEntry): Promise<ConfigFileText> {
  const path = join(directory.path, name);
  return directory.within(async (here) => {
    const file = await open(`${here}/${name}`, FLAGS);
    try {
      const status = await file.stat();
      if (!status.isFile()) throw new Refusal(`${path} is not a file`, { remedy: 'remove it' });
      const bytes = await file.readFile();
      const text = bytes.toString('utf8');
      if (bytes.equals(Buffer.from(text, 'utf8'))) return { text, status };
      throw new Refusal(`${path} is not UTF-8`, { remedy: 'save it as UTF-8 first' });
    } finally {
      await file.close();
    }
  });
}
