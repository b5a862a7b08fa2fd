/** Writes and removes VirtualBMC's files of single BMCs, in a directory that is a part of the inventory. */
import { chown, mkdir, rm, rmdir, stat } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { errorCode } from '../host/error-code.ts';
import { removeLeftovers } from '../host/leftovers.ts';
import { replaceFile } from '../host/replace-file.ts';
import type { VirtualBmcInclude } from '../inventory/read-virtualbmcs.ts';
import type { VirtualBmcFile } from '../virtualbmc/virtualbmc-directory.ts';

/** The new text of each file that changes, by the BMC's name; `null` removes the BMC. */
export type VirtualBmcEdits = ReadonlyMap<string, string | null>;

const OWNER_ONLY = 0o700;

/** The directory as it will be, for the checks that come before anything is written. */
export function editedInclude(include: VirtualBmcInclude, edits: VirtualBmcEdits): VirtualBmcInclude {
  const { directory } = include;
  const kept = include.files.filter(({ name }) => !edits.has(name));
  const written = [...edits].flatMap(([name, text]): VirtualBmcFile[] => {
    if (text === null) return [];
    return [{ name, path: configPath(directory, name), content: { ok: true, text, isOwn: true } }];
  });
  return { directory, files: [...kept, ...written] };
}

/** Throws a `Refusal` when a file is not as it was read, and Node's error when one cannot be written. */
export async function writeVirtualBmcEdits(
  { directory, files }: VirtualBmcInclude,
  edits: VirtualBmcEdits,
): Promise<void> {
  for (const [name, text] of edits) {
    const path = configPath(directory, name);
    const content = files.find((file) => file.name === name)?.content;
    if (text === null) await removeConfig(path);
    else if (content?.ok === true) await replaceFile(path, content.text, text);
    else {
      await makeDirectory(directory);
      await makeDirectory(dirname(path));
      await replaceFile(path, undefined, text);
    }
  }
}

export function configPath(directory: string, name: string): string {
  return join(directory, name, 'config');
}

/** VirtualBMC removes all that is there. What is none of its own stays here. */
async function removeConfig(path: string): Promise<void> {
  await removeLeftovers([path]);
  await rm(path, { force: true });
  try {
    await rmdir(dirname(path));
  } catch (error) {
    if (!['ENOTEMPTY', 'EEXIST', 'ENOTDIR'].includes(errorCode(error) ?? '')) throw error;
  }
}

/** It gets the owner of the directory above, because vbmcd has to read what root wrote. */
async function makeDirectory(path: string): Promise<void> {
  try {
    await mkdir(path, { mode: OWNER_ONLY });
  } catch (error) {
    if (errorCode(error) === 'EEXIST') return;
    if (errorCode(error) !== 'ENOENT' || path === dirname(path)) throw error;
    await makeDirectory(dirname(path));
    await mkdir(path, { mode: OWNER_ONLY });
  }
  const { uid, gid } = await stat(dirname(path));
  await chown(path, uid, gid).catch((error: unknown) => {
    if (errorCode(error) !== 'EPERM') throw error;
  });
}
