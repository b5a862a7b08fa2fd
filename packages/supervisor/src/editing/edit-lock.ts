/** One editor at a time: a file `.NAME.lock` beside the one that is edited, with the pid of whoever holds it. */
import { randomUUID } from 'node:crypto';
import { link, readFile, rename, rm, writeFile } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { errorCode } from '../host/error-code.ts';
import { Refusal } from '../host/operator-error.ts';

const PATIENCE_MS = 10_000;
const RETRY_MS = 20;

/** Runs `edit` while no other editor of `path` runs. Throws a `Refusal` when another one does not finish. */
export async function withEditLock<T>(path: string, edit: () => Promise<T>): Promise<T> {
  const lockPath = join(dirname(path), `.${basename(path)}.lock`);
  const deadline = performance.now() + PATIENCE_MS;
  while (!(await take(lockPath))) {
    if (await removeStale(lockPath)) continue;
    if (performance.now() > deadline) {
      throw new Refusal(`${path} is being edited by another vbmc: wait for it, or remove ${lockPath}`);
    }
    await delay(RETRY_MS);
  }
  try {
    return await edit();
  } finally {
    await rm(lockPath, { force: true });
  }
}

/** The lock appears with its content, so that nobody reads it half written. */
async function take(lockPath: string): Promise<boolean> {
  const own = `${lockPath}.${randomUUID()}`;
  await writeFile(own, String(process.pid), { flag: 'wx', mode: 0o600 });
  try {
    await link(own, lockPath);
    return true;
  } catch (error) {
    if (errorCode(error) === 'EEXIST') return false;
    throw error;
  } finally {
    await rm(own, { force: true });
  }
}

/** Removes the lock of an editor that was killed. Of several that try only one renames the file. */
async function removeStale(lockPath: string): Promise<boolean> {
  if (!(await isStale(lockPath))) return false;
  const aside = `${lockPath}.${randomUUID()}`;
  try {
    await rename(lockPath, aside);
    // Somebody else may have removed the stale one and taken the lock since: then it is theirs again.
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
