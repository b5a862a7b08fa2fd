/** The only place that reads the inventory, its include directories and its secret files from disk. */
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
import { defined } from '../text/records.ts';
import { ownEnvironment, type VirtualBmcEnvironment } from '../virtualbmc/find-directory.ts';
import { fileKeys } from './known-keys.ts';
import { readVirtualBmcs, type VirtualBmcInclude } from './read-virtualbmcs.ts';
import { readSecretFiles, type InventoryReader } from './secret-file.ts';
import { noSecretFiles } from './secret-files.ts';
import { virtualBmcSection } from './virtualbmc-section.ts';

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
  /** Whether there is a file at `path`; without one the text is empty. */
  readonly exists: boolean;
  readonly text: string;
  readonly included: readonly { readonly name: string; readonly text: string }[];
  /** A directory in VirtualBMC's layout that is a part of the inventory. */
  readonly virtualBmcs?: VirtualBmcInclude;
  /** Problems of the files themselves. */
  readonly diagnostics: readonly Diagnostic[];
  /** Those of them that are about the directory of VirtualBMC as a whole. */
  readonly directoryDiagnostics: readonly Diagnostic[];
}

/** An inventory, and which of it is VirtualBMC's. */
export interface ReadInventory extends Inventory {
  /** The paths of VirtualBMC's files that are part of it. */
  readonly theirFiles: ReadonlySet<string>;
  /** Those of `diagnostics` that are about the directory of VirtualBMC as a whole. */
  readonly directoryDiagnostics: readonly Diagnostic[];
}

export interface ReadOptions {
  /** What decides, beside the inventory, whether VirtualBMC's own files are a part of it. Default: that of this process. */
  readonly virtualBmc?: VirtualBmcEnvironment;
  /** An inventory that does not exist yet counts as an empty one. It always does so when VirtualBMC's files are named otherwise. */
  readonly mayBeMissing?: boolean;
}

/** Reads and checks the inventory at `path`; rejects with Node's error when that file cannot be read. */
export async function readInventory(path: string, options: ReadOptions = {}): Promise<ReadInventory> {
  const files = await readInventoryFiles(path, options);
  const { directoryDiagnostics, virtualBmcs } = files;
  const theirFiles = new Set(virtualBmcs?.files.map((file) => file.path));
  return { ...(await checkInventory(files, 'service')), theirFiles, directoryDiagnostics };
}

export async function readInventoryFiles(
  path: string,
  { virtualBmc = ownEnvironment(), mayBeMissing = false }: ReadOptions = {},
): Promise<InventoryFiles> {
  const main = await readMain(path, mayBeMissing || virtualBmc.configFile !== undefined);
  const { text = '', warnings = [] } = main ?? {};
  const included: FileText[] = [];
  const diagnostics: Diagnostic[] = [...warnings];
  for (const name of await includedNames(path, diagnostics)) {
    try {
      const file = await readText(name, { file: name });
      included.push(file);
      diagnostics.push(...file.warnings);
    } catch (error) {
      diagnostics.push({ severity: 'error', file: name, ...unreadable(error) });
    }
  }
  const virtualBmcs = await readVirtualBmcs(path, text, virtualBmc);
  diagnostics.push(...virtualBmcs.diagnostics);
  const { include } = virtualBmcs;
  return {
    path,
    exists: main !== undefined,
    text,
    included,
    ...defined({ virtualBmcs: include }),
    diagnostics,
    directoryDiagnostics: virtualBmcs.diagnostics,
  };
}

async function readMain(path: string, mayBeMissing: boolean): Promise<FileText | undefined> {
  try {
    return await readText(path, {});
  } catch (error) {
    if (mayBeMissing && errorCode(error) === 'ENOENT') return undefined;
    throw error;
  }
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
    const virtualBmcs = (files.virtualBmcs?.files ?? []).map(virtualBmcSection);
    const inventory = parseInventory(files.text, { included: files.included, virtualBmcs, readSecretFile });
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
