/** One vbmcd for each directory: it locks a file there for as long as it lives. */
import { lockFile, nameOwner, type FileLock } from './file-lock.ts';
import { Refusal } from './operator-error.ts';

export const TAKEN_REMEDY = 'stop it first, or choose another --run-dir and another --state-dir';

/** Another vbmcd has locked the directory. */
export class DirectoryTaken extends Refusal {}

/** Held until this process ends. */
export type DirectoryLock = Pick<FileLock, 'isInPlace'>;

/**
 * Locks the file at `path`. Throws a `DirectoryTaken` that names the vbmcd that has locked it and says what it `does`
 * (`is running on /run/vbmc`), or another `Refusal`.
 */
export async function lockDirectory(path: string, does: string): Promise<DirectoryLock> {
  const lock = await lockFile(path, 0);
  if (lock !== undefined) return lock;
  throw new DirectoryTaken(`another vbmcd${await nameOwner(path)} ${does}`, { remedy: TAKEN_REMEDY });
}
