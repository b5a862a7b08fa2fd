/** Replaces the content of a file in one step: a reader, or a crash, finds the old text or the new one. */
import { randomUUID } from 'node:crypto';
import { open, readFile, realpath, rename, rm, stat, type FileHandle } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import { errorCode } from './error-code.ts';
import { Refusal } from './operator-error.ts';

const NEW_FILE_MODE = 0o600;
const TRY_AGAIN = 'try again';

/**
 * Writes `after` where `before` stood; `before` is `undefined` for a file that is not there yet. Mode and
 * owner stay; of a symbolic link the target is replaced. Throws a `Refusal` when the file is not as it was read.
 */
export async function replaceFile(path: string, before: string | undefined, after: string): Promise<void> {
  const target = before === undefined ? path : await realpath(path);
  const temporary = join(dirname(target), `.${basename(target)}.${randomUUID()}`);
  try {
    const file = await open(temporary, 'wx', NEW_FILE_MODE);
    try {
      await likeTheOld(file, target, before !== undefined);
      await file.writeFile(after, 'utf8');
      await file.sync();
    } finally {
      await file.close();
    }
    await refuseUnlessUnchanged(target, before);
    await rename(temporary, target);
  } catch (error) {
    await rm(temporary, { force: true });
    throw error;
  }
  await syncDirectory(dirname(target));
}

async function likeTheOld(file: FileHandle, target: string, exists: boolean): Promise<void> {
  // A first inventory belongs to whoever owns its directory: vbmcd has to read what root wrote.
  const model = await stat(exists ? target : dirname(target));
  const own = await file.stat();
  try {
    if (own.uid !== model.uid || own.gid !== model.gid) await file.chown(model.uid, model.gid);
  } catch (error) {
    if (exists && errorCode(error) === 'EPERM') {
      throw new Refusal(`${target} belongs to another user, who would lose it`, {
        remedy: 'run vbmc as its owner or as root',
      });
    }
    if (errorCode(error) !== 'EPERM') throw error;
  }
  await file.chmod(exists ? model.mode & 0o7777 : NEW_FILE_MODE);
}

async function refuseUnlessUnchanged(target: string, before: string | undefined): Promise<void> {
  if (before === undefined) {
    try {
      await stat(target);
    } catch (error) {
      if (errorCode(error) === 'ENOENT') return;
      throw error;
    }
    throw new Refusal(`another program has created ${target} meanwhile; nothing was changed`, {
      remedy: TRY_AGAIN,
    });
  }
  const present = await readFile(target);
  if (present.equals(Buffer.from(before, 'utf8'))) return;
  if (present.toString('utf8') === before) {
    throw new Refusal(`${target} is not UTF-8`, { remedy: 'save it as UTF-8 first' });
  }
  throw new Refusal(`${target} has changed meanwhile; nothing was changed`, { remedy: TRY_AGAIN });
}

/** So that the rename itself is on the disk. */
async function syncDirectory(path: string): Promise<void> {
  const directory = await open(path, 'r');
  try {
    await directory.sync();
  } finally {
    await directory.close();
  }
}
