/** One editor at a time: the lock is a file `.NAME.lock` next to the edited file, and holds the editor's pid. */
import { randomUUID } from 'node:crypto';
import { link, readFile, rename, rm, writeFile } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { errorCode, namingFile } from '../host/error-code.ts';
import { Refusal } from '../host/operator-error.ts';

const DEADLINE_MS = 10_000;
const RETRY_MS = 20;

/** Runs `edit` while no other process edits `path`. Throws a `Refusal` when another editor does not finish in time. */
export async function withEditLock<T>(path: string, edit: () => Promise<T>): Promise<T> {
  const lockPath = join(dirname(path), `.${basename(path)}.lock`);
  const deadline = performance.now() + DEADLINE_MS;
  while (!(await take(lockPath))) {
    if (await removeStale(lockPath)) continue;
    if (performance.now() > deadline) {
      throw new Refusal(`another vbmc is editing ${path}`, { remedy: `wait for it, or remove ${lockPath}` });
    }
    await delay(RETRY_MS);
  }
  try {
    return await edit();
  } finally {
    await rm(lockPath, { force: true });
  }
}

/** Writes the lock aside and links it into place, so that no reader finds it half written. */
async function take(lockPath: string): Promise<boolean> {
  const own = `${lockPath}.${randomUUID()}`;
  try {
    await writeFile(own, String(process.pid), { flag: 'wx', mode: 0o600 });
    await link(own, lockPath);
    return true;
  } catch (error) {
    if (errorCode(error) === 'EEXIST') return false;
    throw namingFile(error, lockPath);
  } finally {
    await rm(own, { force: true });
  }
}

/** Removes the lock of an editor that was killed. When several processes try, only one can rename the file. */
async function removeStale(lockPath: string): Promise<boolean> {
  if (!(await isStale(lockPath))) return false;
  const aside = `${lockPath}.${randomUUID()}`;
  try {
    await rename(lockPath, aside);
    // Another process may have removed the stale lock and taken its own meanwhile: then put that back.
    if (!(await isStale(aside))) await link(aside, lockPath);
  } catch (error) {
    if (!['ENOENT', 'EEXIST'].includes(errorCode(error) ?? '')) throw error;
  } finally {
    await rm(aside, { force: true });
  }
  return true;
}

async function isStale(lockPath: string): Promise<boolean> {
  try {
    const pid = Number(await readFile(lockPath, 'utf8'));
    process.kill(pid, 0);
    return false;
  } catch (error) {
    return errorCode(error) === 'ESRCH';
  }
}
