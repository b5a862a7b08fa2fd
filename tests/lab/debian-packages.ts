/** Programs of Debian packages that a lab needs on this machine. */
import { existsSync } from 'node:fs';
import { findProgram } from './lab-environment.ts';
import { runCommand } from './run-command.ts';

/** The package of each program, or of a file by its absolute path. */
export type NeededPrograms = Readonly<Record<string, string>>;

/** Another apt-get may be running: wait for its lock. */
const aptOptions = ['-y', '-q', '-o', 'DPkg::Lock::Timeout=600'];
const APT_TIMEOUT_MS = 900_000;

export interface InstallOptions {
  readonly print: (line: string) => void;
  /** Answers for debconf-set-selections, given before the packages are installed. */
  readonly answers?: readonly string[];
}

/** Installs the packages of the programs that are missing. Throws with the command to run when it cannot. */
export async function installPrograms(
  programs: NeededPrograms,
  { print, answers = [] }: InstallOptions,
): Promise<void> {
  const isMissing = (program: string): boolean =>
    program.startsWith('/') ? !existsSync(program) : findProgram(program) === undefined;
  const missing = Object.keys(programs).filter(isMissing);
  if (missing.length === 0) return;
  const packages = [...new Set(missing.map((program) => programs[program] ?? program))].join(' ');
  const remedy = `${missing.join(', ')} not found: run sudo apt-get install --no-install-recommends ${packages}`;
  if (process.getuid?.() !== 0 || findProgram('apt-get') === undefined) throw new Error(remedy);

  print(`installing ${packages} …`);
  if (answers.length > 0) await run('debconf-set-selections', [], `${answers.join('\n')}\n`);
  const install = [...aptOptions, 'install', '--no-install-recommends', ...packages.split(' ')];
  let { exitCode, stderr } = await run('apt-get', install);
  if (exitCode !== 0) {
    // There are no package lists yet, or the lists name files that the mirror no longer has.
    await run('apt-get', [...aptOptions, 'update']);
    ({ exitCode, stderr } = await run('apt-get', install));
  }
  if (exitCode !== 0 || missing.some(isMissing)) throw new Error(`${remedy}\n${stderr.trim()}`);
}

function run(command: string, args: readonly string[], input = ''): ReturnType<typeof runCommand> {
  const env = { ...process.env, DEBIAN_FRONTEND: 'noninteractive' } as Record<string, string>;
  return runCommand(command, args, { env, input, timeoutMs: APT_TIMEOUT_MS });
}
