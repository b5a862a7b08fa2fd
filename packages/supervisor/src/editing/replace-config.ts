/** Replaces VirtualBMC's file of one BMC in a directory that another user may own, and change meanwhile. */
import { lstat, type FileHandle } from 'node:fs/promises';
import { join } from 'node:path';
import { errorCode } from '../host/error-code.ts';
import type { FileOwnership } from '../host/file-exposure.ts';
import type { HeldEntry } from '../host/held-directory.ts';
import { changedMeanwhile, createdMeanwhile, giveOwnerAndMode } from '../host/replace-file.ts';
import { writeInOneStep } from '../host/write-in-one-step.ts';
import { readConfigText, type ConfigFileText } from '../virtualbmc/read-config-text.ts';

const NEW_FILE_MODE = 0o600;

/**
 * As `replaceFile` does: owner and mode stay, a new file gets the owner of its directory, and a file that is not as it was read
 * stays.
 */
export async function replaceConfig(
  entry: HeldEntry,
  before: string | undefined,
  after: string,
  read: (entry: HeldEntry) => Promise<ConfigFileText> = readConfigText,
): Promise<void> {
  const { directory, name } = entry;
  const target = join(directory.path, name);
  const exists = before !== undefined;
  // One open file tells text and owner: else a file of root's, put there for a moment, would give its owner to another's text.
  const unchanged = async (): Promise<FileOwnership> => {
    if (before === undefined) {
      await refuseIfThere(entry);
      return directory.status;
    }
    const { text, status } = await read(entry);
    if (text !== before) throw changedMeanwhile(target);
    return status;
  };
  const prepare = async (file: FileHandle): Promise<void> => {
    await giveOwnerAndMode(file, await unchanged(), { target, exists });
  };
  await directory.within((here) =>
    writeInOneStep(join(here, name), after, {
      mode: NEW_FILE_MODE,
      prepare,
      confirm: async () => {
        await unchanged();
      },
    }),
  );
}

async function refuseIfThere({ directory, name }: HeldEntry): Promise<void> {
  try {
    await directory.within((here) => lstat(join(here, name)));
  } catch (error) {
    if (errorCode(error) === 'ENOENT') return;
    throw error;
  }
  throw createdMeanwhile(join(directory.path, name));
}
