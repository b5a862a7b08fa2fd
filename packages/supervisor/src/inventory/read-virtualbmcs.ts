/** Reads the BMCs in VirtualBMC's own files, as far as the inventory or VirtualBMC's variable makes them a part of it. */
import { dirname, resolve } from 'node:path';
import { defined } from '../text/records.ts';
import {
  findDirectory,
  followDirectory,
  type FoundDirectory,
  type LocatedFinding,
  type VirtualBmcEnvironment,
} from '../virtualbmc/find-directory.ts';
import { readVirtualBmcDirectory, type VirtualBmcFile } from '../virtualbmc/virtualbmc-directory.ts';
import type { Diagnostic } from './diagnostic.ts';
import { directoryProblem } from './field-checks.ts';
import { SETTINGS_SECTION } from './global-settings.ts';
import { hiddenDirectoryProblem } from './hidden-files.ts';
import { writtenValue } from './written-value.ts';

const DIRECTORY_KEY = 'virtualbmc_dir';

/** A directory in VirtualBMC's layout that is a part of the inventory. */
export interface VirtualBmcInclude {
  readonly directory: string;
  readonly files: readonly VirtualBmcFile[];
}

export interface ReadVirtualBmcs {
  /** Absent when neither names a directory. */
  readonly include?: VirtualBmcInclude;
  readonly diagnostics: readonly Diagnostic[];
}

/** `text` is that of the inventory at `path`; its key counts before the variable. Never rejects for what is wrong with a file. */
export async function readVirtualBmcs(
  path: string,
  text: string,
  environment: VirtualBmcEnvironment,
): Promise<ReadVirtualBmcs> {
  const named = writtenValue(text, SETTINGS_SECTION, DIRECTORY_KEY);
  if (named !== undefined) {
    if (directoryProblem(named) !== undefined) return { diagnostics: [] };
    return readFound(await followDirectory(resolve(dirname(path), named)));
  }
  if (environment.configFile === undefined) return { diagnostics: [] };
  return readFound(await findDirectory(environment));
}

async function readFound({ path, configPath, warnings, errors }: FoundDirectory): Promise<ReadVirtualBmcs> {
  const diagnostics = [
    ...warnings.map((finding) => located('warning', finding)),
    ...errors.map((finding) => located('error', finding)),
  ];
  // A file that cannot be followed may name another directory: its BMCs must not come in place of the right ones.
  if (errors.length > 0) return { diagnostics };
  const read = await readVirtualBmcDirectory(path);
  if (read.ok) {
    if (read.exposure !== undefined) diagnostics.push({ severity: 'warning', file: path, ...read.exposure });
    return { include: { directory: path, files: read.files }, diagnostics };
  }
  const from = configPath === undefined ? '' : ` (config_dir in ${configPath})`;
  const { message, remedy } = hiddenDirectoryProblem(path, configPath) ?? read.problem;
  // Another program may write it later, and vbmc add makes it.
  const severity = read.isMissing ? 'warning' : 'error';
  diagnostics.push({ severity, file: path, message: `${message}${from}`, ...defined({ remedy }) });
  return { include: { directory: path, files: [] }, diagnostics };
}

function located(severity: Diagnostic['severity'], finding: LocatedFinding): Diagnostic {
  return { severity, ...finding };
}
