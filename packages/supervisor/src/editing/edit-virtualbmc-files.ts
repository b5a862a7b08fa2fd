/** Writes and removes VirtualBMC's files of single BMCs, in a directory that is a part of the inventory. */
import { readdir, rm, rmdir } from 'node:fs/promises';
import { join } from 'node:path';
import { errorCode } from '../host/error-code.ts';
import { holding, type HeldDirectory } from '../host/held-directory.ts';
import { removeLeftovers } from '../host/leftovers.ts';
import type { VirtualBmcInclude } from '../inventory/read-virtualbmcs.ts';
import { CONFIG, type VirtualBmcFile } from '../virtualbmc/virtualbmc-directory.ts';
import { replaceConfig } from './replace-config.ts';

/** The new text of each file that changes, by the BMC's name; `null` removes the BMC. */
export type VirtualBmcEdits = ReadonlyMap<string, string | null>;

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

/** Throws a `Refusal` when a file is not as it was read, and Node's error when one cannot be written. `written` takes each that was. */
export async function writeVirtualBmcEdits(
  { directory, files }: VirtualBmcInclude,
  edits: VirtualBmcEdits,
  written: (path: string) => void,
): Promise<void> {
  if (edits.size === 0) return;
  for (const [name, text] of edits) {
    const content = files.find((file) => file.name === name)?.content;
    const before = content?.ok === true ? content.text : undefined;
    await holding(async (holder) => {
      const all = await holder.directory(directory, text !== null);
      const own = await holder.enter(all, name, text !== null);
      await own.within((here) => removeLeftovers([join(here, CONFIG)]));
      if (text === null) await removeConfig(all, own, name);
      else await replaceConfig(await holder.entry(own, CONFIG), before, text);
    });
    written(configPath(directory, name));
  }
  await removeOldLeftovers(directory);
}

export function configPath(directory: string, name: string): string {
  return join(directory, name, CONFIG);
}

/** VirtualBMC removes all that is there. What is none of its own stays here. */
async function removeConfig(all: HeldDirectory, own: HeldDirectory, name: string): Promise<void> {
  await own.within((here) => rm(join(here, CONFIG), { force: true }));
  try {
    await all.within((here) => rmdir(join(here, name)));
  } catch (error) {
    if (!['ENOTEMPTY', 'EEXIST', 'ENOTDIR'].includes(errorCode(error) ?? '')) throw error;
  }
}

/** Of killed programs that have written other BMCs: copies with passwords. What cannot be removed does no harm. */
async function removeOldLeftovers(directory: string): Promise<void> {
  await holding(async (holder) => {
    const all = await holder.directory(directory);
    const entries = await all.within((here) => readdir(here, { withFileTypes: true }));
    for (const { name } of entries.filter((entry) => entry.isDirectory())) {
      const { within } = await holder.enter(all, name);
      await within((here) => removeLeftovers([join(here, CONFIG)], 'old'));
    }
  }).catch(() => undefined);
}
