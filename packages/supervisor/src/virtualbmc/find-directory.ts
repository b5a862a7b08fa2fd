/** Where VirtualBMC keeps its BMCs: what `virtualbmc.conf` says, else `~/.vbmc`. */
import { stat } from 'node:fs/promises';
import { homedir } from 'node:os';
import { join } from 'node:path';
import { errorCode } from '../host/error-code.ts';
import { withoutHanging } from '../host/hanging-files.ts';
import { Refusal } from '../host/operator-error.ts';
import { systemProblem } from '../host/system-problem.ts';
import { defined } from '../text/records.ts';
import { readProgramConfig, type ConfigFinding } from './program-config.ts';
import { readConfigText } from './read-config-text.ts';

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

export function ownEnvironment(environment: NodeJS.ProcessEnv = process.env): VirtualBmcEnvironment {
  const configFile = environment['VIRTUALBMC_CONFIG'];
  return {
    home: environment['HOME'] ?? homedir(),
    ...(configFile !== undefined && configFile !== '' && { configFile }),
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
    const { text } = await withoutHanging(configPath, () => readConfigText(configPath));
    const { configDir = whenUnsaid, warnings, errors } = readProgramConfig(text);
    return { path: configDir, configPath, warnings: inFile(warnings), errors: inFile(errors) };
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
