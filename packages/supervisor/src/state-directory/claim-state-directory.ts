/** The state directory: used by one vbmcd, because each replaces the files in it as a whole. */
import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { DirectoryTaken, lockDirectory } from '../host/directory-lock.ts';
import { errorText } from '../host/error-code.ts';
import { removeLeftovers } from '../host/leftovers.ts';
import type { Log } from '../log/log.ts';
import { inStateDirectory } from './in-state-directory.ts';
import { stateFiles } from './state-files.ts';

/**
 * Locks the directory for as long as this process lives, and creates it where missing. Throws a `DirectoryTaken` when
 * another vbmcd has it. A directory that cannot be locked is told, and vbmcd runs without the lock: BMCs that answer are
 * worth more than their notes.
 */
export async function claimStateDirectory(path: string, log: Log): Promise<void> {
  try {
    await inStateDirectory(path, async () => {
      await mkdir(path, { recursive: true, mode: 0o755 });
      await lockDirectory(join(path, stateFiles.lock.name), `uses the state directory ${path}`);
      const files = Object.values(stateFiles).map(({ name }) => join(path, name));
      // What cannot be removed does no harm.
      await removeLeftovers(files).catch(() => undefined);
    });
  } catch (error) {
    if (error instanceof DirectoryTaken) throw error;
    const advice = 'see that no other vbmcd uses it';
    log('warn', `the state directory ${path} cannot be locked: ${errorText(error)} (${advice})`, {
      event: 'stateDirectoryNotLocked',
    });
  }
}
