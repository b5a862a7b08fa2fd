/** Where VirtualBMC keeps its BMCs: what `virtualbmc.conf` says, else `~/.vbmc`. */
import { stat } from 'node:fs/promises';
import { homedir } from 'node:os';
import { basename, dirname, join, resolve } from 'node:path';
import { errorCode } from '../host/error-code.ts';
import { withoutHanging } from '../host/hanging-files.ts';
import type { FileOwnership } from '../host/file-exposure.ts';
import { holding } from '../host/held-directory.ts';
import { Refusal } from '../host/operator-error.ts';
import { systemProblem } from '../host/system-problem.ts';
import type { Problem } from '../text/problem.ts';
import { defined } from '../text/records.ts';
import { isOwnOrRoots, othersMayWrite, ownerProblem, type Owners } from './file-owner.ts';
import { readProgramConfig, type ConfigFinding } from './program-config.ts';
import { readConfigText, type ConfigFileText } from './read-config-text.ts';

/** Of the process that VirtualBMC would run in. */
export interface VirtualBmcEnvironment {
  /** `$VIRTUALBMC_CONFIG`; absent when it is empty or not set. */
  readonly configFile?: string;
  readonly home: string;
}

export interface FoundDirectory {
  readonly path: string;
  /** The `virtualbmc.conf` that was read; absent when there is none. */
  readonly configPath?: string;
  readonly warnings: readonly LocatedFinding[];
  readonly errors: readonly LocatedFinding[];
}

export interface LocatedFinding extends ConfigFinding {
  readonly file: string;
}

const CONFIG_NAME = 'virtualbmc.conf';

/** With whole paths: vbmcd, which tells `vbmc` what it has, may run in another working directory. */
export function ownEnvironment(environment: NodeJS.ProcessEnv = process.env): VirtualBmcEnvironment {
  const configFile = environment['VIRTUALBMC_CONFIG'];
  return {
    home: resolve(environment['HOME'] ?? homedir()),
    ...(configFile !== undefined && configFile !== '' && { configFile: resolve(configFile) }),
  };
}

/** The variables of `ownEnvironment` for a process in another working directory. */
export function wholePaths({ HOME, VIRTUALBMC_CONFIG }: NodeJS.ProcessEnv): Record<string, string> {
  return {
    ...(HOME !== undefined && HOME !== '' && { HOME: resolve(HOME) }),
    ...(VIRTUALBMC_CONFIG !== undefined &&
      VIRTUALBMC_CONFIG !== '' && { VIRTUALBMC_CONFIG: resolve(VIRTUALBMC_CONFIG) }),
  };
}

/** In VirtualBMC's order: `$VIRTUALBMC_CONFIG`, then that of the home directory, then that of the machine. */
export async function findDirectory({ configFile, home }: VirtualBmcEnvironment): Promise<FoundDirectory> {
  const ownDirectory = join(home, '.vbmc');
  const usual = [join(ownDirectory, CONFIG_NAME), join('/etc/virtualbmc', CONFIG_NAME)];
  const candidates = configFile === undefined ? usual : [configFile, ...usual];
  for (const candidate of candidates) {
    if (!(await exists(candidate))) continue;
    const found = await followConfig(candidate, ownDirectory);
    return candidate === configFile || configFile === undefined ? found : withMissing(found, configFile);
  }
  const found = { path: ownDirectory, warnings: [], errors: [] };
  return configFile === undefined ? found : withMissing(found, configFile);
}

/** From a directory that somebody named: one with a `virtualbmc.conf` may say that the BMCs are elsewhere. */
export async function followDirectory(directory: string): Promise<FoundDirectory> {
  const configPath = join(directory, CONFIG_NAME);
  if (!(await exists(configPath))) return { path: directory, warnings: [], errors: [] };
  return followConfig(configPath, directory);
}

async function followConfig(configPath: string, whenUnsaid: string): Promise<FoundDirectory> {
  const inFile = (findings: readonly ConfigFinding[]): readonly LocatedFinding[] =>
    findings.map((finding) => ({ file: configPath, ...finding }));
  try {
    const { text, status, above } = await withoutHanging(configPath, () => readProgramFile(configPath));
    const { configDir = whenUnsaid, warnings, errors } = readProgramConfig(text);
    const owners = { own: process.geteuid?.() ?? -1, directory: above.uid };
    const problem = await leadProblem({ configPath, configDir, status, owners });
    const all = problem === undefined ? errors : [...errors, problem];
    return { path: configDir, configPath, warnings: inFile(warnings), errors: inFile(all) };
  } catch (error) {
    const problem = error instanceof Refusal ? error : systemProblem(error);
    if (problem === undefined) throw error;
    const { message, remedy } = problem;
    return {
      path: whenUnsaid,
      configPath,
      warnings: [],
      errors: inFile([{ message, ...defined({ remedy }) }]),
    };
  }
}

async function readProgramFile(path: string): Promise<ConfigFileText & { readonly above: FileOwnership }> {
  return holding(async (holder) => {
    const above = await holder.directory(dirname(path));
    return { ...(await readConfigText(await holder.entry(above, basename(path)))), above: above.status };
  });
}

interface Lead {
  readonly configPath: string;
  readonly configDir: string;
  readonly status: FileOwnership;
  readonly owners: Owners;
}

/** Others must not choose where root's `vbmc` writes: whose file it is must own the directory, unless that is next to the file. */
async function leadProblem({ configPath, configDir, status, owners }: Lead): Promise<Problem | undefined> {
  if (othersMayWrite(status)) return ownerProblem(configPath, status, owners);
  const above = dirname(resolve(configPath));
  if (isOwnOrRoots(status, owners) || `${resolve(configDir)}/`.startsWith(`${above}/`)) return undefined;
  const { uid } = await withoutHanging(configDir, () =>
    holding(async (holder) => (await holder.directory(configDir)).status),
  );
  if (uid === status.uid) return undefined;
  return {
    message: `its config_dir ${configDir} does not belong to user ${status.uid}, who may change this file`,
    remedy: 'give the file to root, and let no group change it, if you mean it',
  };
}

function withMissing(found: FoundDirectory, configFile: string): FoundDirectory {
  const message = `there is no such file, which VIRTUALBMC_CONFIG names; ${found.configPath ?? found.path} counts in its place`;
  const warning = { file: configFile, message, remedy: 'write it, or correct the variable' };
  return { ...found, warnings: [warning, ...found.warnings] };
}

/** Whether there is something, also when this user may not look at it. */
async function exists(path: string): Promise<boolean> {
  try {
    await withoutHanging(path, () => stat(path));
    return true;
  } catch (error) {
    return !['ENOENT', 'ENOTDIR'].includes(errorCode(error) ?? '');
  }
}
