/** Writes a file that its owner alone can read, in one step: nobody finds half of it, or an old, open one. */
import { randomUUID } from 'node:crypto';
import { lstat, open, rename, rm } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import { errorCode } from './error-code.ts';
import { Refusal } from './operator-error.ts';

const OWNER_ONLY = 0o600;

/** A file that is there already is replaced, its mode too. Throws a `Refusal` for what is not a file. */
export async function writePrivateFile(path: string, text: string): Promise<void> {
  if (await isSomethingElse(path)) {
    throw new Refusal(`${path} exists and is not a plain file`, { remedy: 'name another file' });
  }
  const temporary = join(dirname(path), `.${basename(path)}.${randomUUID()}`);
  try {
    const file = await open(temporary, 'wx', OWNER_ONLY);
    try {
      await file.writeFile(text, 'utf8');
    } finally {
      await file.close();
    }
    await rename(temporary, path);
  } catch (error) {
    await rm(temporary, { force: true });
    throw error;
  }
}

async function isSomethingElse(path: string): Promise<boolean> {
  try {
    return !(await lstat(path)).isFile();
  } catch (error) {
    if (errorCode(error) === 'ENOENT') return false;
    throw error;
  }
}
