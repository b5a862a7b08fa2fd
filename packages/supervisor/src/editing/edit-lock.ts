/** One editor at a time: each locks the file `.NAME.lock` next to the edited file, and removes it at the end. */
import { rm } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import { lockFile, nameOwner } from '../host/file-lock.ts';
import { refuseSystemErrors } from '../host/refuse-system-errors.ts';
import { Refusal } from '../host/operator-error.ts';

const DEADLINE_MS = 10_000;

/** Runs `edit` while no other process edits `path`. Throws a `Refusal` when another editor does not finish in time. */
export async function withEditLock<T>(
  path: string,
  edit: () => Promise<T>,
  deadlineMs = DEADLINE_MS,
): Promise<T> {
  const lockPath = join(dirname(path), `.${basename(path)}.lock`);
  const lock = await refuseSystemErrors(`cannot edit ${path}`, lockFile(lockPath, deadlineMs));
  if (lock === undefined) {
    throw new Refusal(`another vbmc${await nameOwner(lockPath)} is editing ${path}`, {
      remedy: 'wait for it',
    });
  }
  try {
    return await edit();
  } finally {
    // First: an editor that gets the lock of a removed file takes the new one.
    if (lock.isInPlace()) await rm(lockPath, { force: true });
    await lock.release();
  }
}
