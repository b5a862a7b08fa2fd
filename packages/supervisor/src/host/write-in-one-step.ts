import { randomUUID } from 'node:crypto';
import { open, rename, rm, type FileHandle } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import { namingFile } from './error-code.ts';

export interface WriteSteps {
  /** Of the new file. */
  readonly mode: number;
  /** Called with the new file, before it has its text. */
  readonly prepare?: (file: FileHandle) => Promise<void>;
  /** Called before the new file takes the place of the old one; a rejection keeps the old one. */
  readonly confirm?: () => Promise<void>;
}

/**
 * Writes a file in one step: a reader finds the old text or the new one, and so does vbmc after a crash. Resolves when file
 * and directory are on the disk.
 */
export async function writeInOneStep(
  path: string,
  text: string,
  { mode, prepare, confirm }: WriteSteps,
): Promise<void> {
  const temporary = join(dirname(path), `.${basename(path)}.${randomUUID()}`);
  try {
    const file = await open(temporary, 'wx', mode);
    try {
      await prepare?.(file);
      await file.writeFile(text, 'utf8');
      await file.sync();
    } finally {
      await file.close();
    }
    await confirm?.();
    await rename(temporary, path);
  } catch (error) {
    await rm(temporary, { force: true }).catch(() => undefined);
    throw namingFile(error, path, temporary);
  }
  await syncDirectory(dirname(path));
}

/** So that a rename or a removal in it is on the disk. */
export async function syncDirectory(path: string): Promise<void> {
  const directory = await open(path, 'r');
  try {
    await directory.sync();
  } finally {
    await directory.close();
  }
}
