/** The only place that reads the inventory, its include directory and its secret files from disk. */
import { constants } from 'node:fs';
import { open, readdir, type FileHandle } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import { describeExposure } from '../host/file-exposure.ts';
import type { Problem } from '../text/problem.ts';
import type { Diagnostic } from './diagnostic.ts';
import { holdsSecrets } from './holds-secrets.ts';
import type { Inventory } from './inventory.ts';
import { parseInventory } from './parse-inventory.ts';
import { errorCode, namingFile } from '../host/error-code.ts';
import { withoutHanging } from '../host/hanging-files.ts';
import { Refusal } from '../host/operator-error.ts';
import { systemProblem } from '../host/system-problem.ts';
import { fileKeys } from './known-keys.ts';
import { readSecretFiles, type InventoryReader } from './secret-file.ts';
import { noSecretFiles } from './secret-files.ts';

const NOT_A_FILE_REMEDY = 'write an INI file there, or remove it';

const secretFileKey = new RegExp([...fileKeys.values()].join('|'), 'i');

interface FileText {
  readonly name: string;
  readonly text: string;
  readonly warnings: readonly Diagnostic[];
}

/** The files of an inventory as they were read, for checks and edits. */
export interface InventoryFiles {
  readonly path: string;
  readonly text: string;
  readonly included: readonly { readonly name: string; readonly text: string }[];
  /** Problems of the files themselves. */
  readonly diagnostics: readonly Diagnostic[];
}

/** Reads and checks the inventory at `path`; rejects with Node's error when that file cannot be read. */
export async function readInventory(path: string): Promise<Inventory> {
  return checkInventory(await readInventoryFiles(path), 'service');
}

export async function readInventoryFiles(path: string): Promise<InventoryFiles> {
  const main = await readText(path, {});
  const included: FileText[] = [];
  const diagnostics: Diagnostic[] = [...main.warnings];
  for (const name of await includedNames(path, diagnostics)) {
    try {
      const file = await readText(name, { file: name });
      included.push(file);
      diagnostics.push(...file.warnings);
    } catch (error) {
      diagnostics.push({ severity: 'error', file: name, ...unreadable(error) });
    }
  }
  return { path, text: main.text, included, diagnostics };
}

/** Reads the secret files, and checks everything. */
export async function checkInventory(files: InventoryFiles, reader: InventoryReader): Promise<Inventory> {
  const check = await inventoryChecker(files, reader);
  return check(files);
}

export type CheckFiles = (files: InventoryFiles) => Inventory;

/** Reads the secret files that `files` name. The function returned knows no other secret files. */
export async function inventoryChecker(
  { path, text, included }: InventoryFiles,
  reader: InventoryReader,
): Promise<CheckFiles> {
  const namesSecretFiles = [text, ...included.map((file) => file.text)].some((one) =>
    secretFileKey.test(one),
  );
  const readSecretFile = namesSecretFiles
    ? await readSecretFiles(path, reader, (readFile) => {
        parseInventory(text, { included, readSecretFile: readFile });
      })
    : noSecretFiles;
  return (files) => {
    const inventory = parseInventory(files.text, { included: files.included, readSecretFile });
    return { ...inventory, diagnostics: [...files.diagnostics, ...inventory.diagnostics] };
  };
}

/** `/etc/vbmc/domains.ini` includes `/etc/vbmc/domains.d/*.ini`. */
export function includeDirectory(path: string): string {
  return join(dirname(path), `${basename(path).replace(/\.[^.]*$/, '')}.d`);
}

async function includedNames(path: string, diagnostics: Diagnostic[]): Promise<readonly string[]> {
  const directory = includeDirectory(path);
  try {
    const names = await withoutHanging(directory, () => readdir(directory));
    return names
      .filter((name) => name.endsWith('.ini') && !name.startsWith('.'))
      .sort()
      .map((name) => join(directory, name));
  } catch (error) {
    const code = errorCode(error);
    if (code !== 'ENOENT' && code !== 'ENOTDIR') {
      diagnostics.push({ severity: 'error', file: directory, ...unreadable(error) });
    }
    return [];
  }
}

async function readText(name: string, place: { readonly file?: string }): Promise<FileText> {
  return withoutHanging(name, async () => {
    // Not blocking: a named pipe has no writer, and a device may never have something to read.
    const file = await open(name, constants.O_RDONLY | constants.O_NONBLOCK);
    try {
      return await readOpenFile(file, name, place);
    } catch (error) {
      throw namingFile(error, name);
    } finally {
      await file.close();
    }
  });
}

async function readOpenFile(
  file: FileHandle,
  name: string,
  place: { readonly file?: string },
): Promise<FileText> {
  const status = await file.stat();
  if (!status.isFile()) throw new Refusal(`${name} is not a file`, { remedy: NOT_A_FILE_REMEDY });
  const exposure = describeExposure('the file holds passwords', name, status);
  const text = await file.readFile('utf8');
  const exposed = exposure !== undefined && holdsSecrets(text);
  return { name, text, warnings: exposed ? [{ severity: 'warning', ...place, ...exposure }] : [] };
}

function unreadable(error: unknown): Problem {
  if (error instanceof Refusal) return { message: error.message, remedy: error.remedy ?? NOT_A_FILE_REMEDY };
  const { message, remedy } = systemProblem(error) ?? { message: String(error) };
  return { message, remedy: remedy ?? 'correct its permissions, or remove it' };
}
