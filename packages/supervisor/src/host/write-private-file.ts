/** Writes a file that only its owner can read. */
import { lstat } from 'node:fs/promises';
import { errorCode } from './error-code.ts';
import { Refusal } from './operator-error.ts';
import { writeInOneStep } from './write-in-one-step.ts';

/** An existing file is replaced, its mode too. Throws a `Refusal` for what is not a plain file. */
export async function writePrivateFile(path: string, text: string): Promise<void> {
  if (await isSomethingElse(path)) {
    throw new Refusal(`${path} exists and is not a plain file`, { remedy: 'name another file' });
  }
  await writeInOneStep(path, text, { mode: 0o600 });
}

async function isSomethingElse(path: string): Promise<boolean> {
  try {
    return !(await lstat(path)).isFile();
  } catch (error) {
    if (errorCode(error) === 'ENOENT') return false;
    throw error;
  }
}
