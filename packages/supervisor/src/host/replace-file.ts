/** Replaces the content of a file that an operator edits too. */
import { readFile, realpath, stat, type FileHandle } from 'node:fs/promises';
import { dirname } from 'node:path';
import { errorCode } from './error-code.ts';
import type { FileOwnership } from './file-exposure.ts';
import { Refusal } from './operator-error.ts';
import { writeInOneStep } from './write-in-one-step.ts';

const NEW_FILE_MODE = 0o600;
const TRY_AGAIN = 'try again';

/**
 * Replaces the content `before` by `after`; `before` is `undefined` for a file that does not exist yet. Mode and owner
 * stay; of a symbolic link the target is replaced. Throws a `Refusal` when the file is not as it was read.
 */
export async function replaceFile(path: string, before: string | undefined, after: string): Promise<void> {
  const target = before === undefined ? path : await realpath(path);
  await writeInOneStep(target, after, {
    mode: NEW_FILE_MODE,
    prepare: (file) => copyOwnerAndMode(file, target, before !== undefined),
    confirm: () => refuseUnlessUnchanged(target, before),
  });
}

/** A first inventory gets the owner of its directory, because vbmcd has to read what root wrote. */
async function copyOwnerAndMode(file: FileHandle, target: string, exists: boolean): Promise<void> {
  await giveOwnerAndMode(file, await stat(exists ? target : dirname(target)), { target, exists });
}

/** `model`: the file that `file` takes the place of, or its directory when there is none. */
export async function giveOwnerAndMode(
  file: FileHandle,
  model: FileOwnership,
  { target, exists }: { readonly target: string; readonly exists: boolean },
): Promise<void> {
  const own = await file.stat();
  try {
    if (own.uid !== model.uid || own.gid !== model.gid) await file.chown(model.uid, model.gid);
  } catch (error) {
    if (exists && errorCode(error) === 'EPERM') throw ownerRefusal(target, own.uid === model.uid);
    if (errorCode(error) !== 'EPERM') throw error;
  }
  await file.chmod(exists ? model.mode & 0o777 : NEW_FILE_MODE);
}

/** `isOwner`: this user owns the file, so it is the group that cannot be given to the new one. */
export function ownerRefusal(target: string, isOwner: boolean): Refusal {
  return isOwner
    ? new Refusal(`${target} belongs to a group that you are not a member of, and which would lose it`, {
        remedy: 'run vbmc as a member of the group or as root, or give the file to a group of yours (chgrp)',
      })
    : new Refusal(`${target} belongs to another user, who would lose it`, {
        remedy: 'run vbmc as its owner or as root',
      });
}

async function refuseUnlessUnchanged(target: string, before: string | undefined): Promise<void> {
  if (before === undefined) {
    try {
      await stat(target);
    } catch (error) {
      if (errorCode(error) === 'ENOENT') return;
      throw error;
    }
    throw createdMeanwhile(target);
  }
  const present = await readFile(target);
  if (present.equals(Buffer.from(before, 'utf8'))) return;
  if (present.toString('utf8') === before) {
    throw new Refusal(`${target} is not UTF-8`, { remedy: 'save it as UTF-8 first' });
  }
  throw changedMeanwhile(target);
}

export function createdMeanwhile(path: string): Refusal {
  return new Refusal(`another program has created ${path} meanwhile`, { remedy: TRY_AGAIN });
}

export function changedMeanwhile(path: string): Refusal {
  return new Refusal(`${path} has changed meanwhile`, { remedy: TRY_AGAIN });
}
