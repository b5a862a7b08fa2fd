/** The programs that read what we export and talk to our BMCs. Debian has them; root gets them installed. */
import { findProgram } from '#lab/lab-environment.ts';
import { runCommand } from '#lab/run-command.ts';

const packages: Readonly<Record<string, string>> = {
  baremetal: 'python3-ironicclient',
  fence_ipmilan: 'fence-agents',
  'ansible-inventory': 'ansible-core',
};

const aptOptions = ['-y', '-q', '-o', 'DPkg::Lock::Timeout=600'];
const INSTALL_TIMEOUT_MS = 600_000;

export async function installConsumers(print: (line: string) => void): Promise<void> {
  const missing = Object.entries(packages)
    .filter(([program]) => findProgram(program) === undefined)
    .map(([, debianPackage]) => debianPackage);
  if (missing.length === 0 || process.getuid?.() !== 0) return;
  print(`installing ${missing.join(' ')} …`);
  const install = ['install', '--no-install-recommends', ...missing];
  for (const args of [install, ['update'], install]) {
    const { exitCode } = await apt(args);
    if (exitCode === 0 && args === install) return;
  }
}

function apt(args: readonly string[]) {
  return runCommand('apt-get', [...aptOptions, ...args], {
    env: { PATH: process.env['PATH'] ?? '', DEBIAN_FRONTEND: 'noninteractive' },
    timeoutMs: INSTALL_TIMEOUT_MS,
  });
}

/** Why a step that needs the program is left out; `undefined` when it is there. */
export function missing(program: string): string | undefined {
  if (findProgram(program) !== undefined) return undefined;
  return `${program} is not installed: apt-get install ${packages[program] ?? program}`;
}

/** Standard output; throws with the program's own words when it fails. */
export async function consume(
  command: string,
  args: readonly string[],
  further: { readonly timeoutMs?: number; readonly environment?: Readonly<Record<string, string>> } = {},
): Promise<string> {
  const { timeoutMs = 120_000, environment = {} } = further;
  const env = {
    PATH: `${process.env['PATH'] ?? ''}:/usr/sbin:/sbin`,
    LC_ALL: 'C.UTF-8',
    HOME: '/tmp',
    ...environment,
  };
  const { exitCode, stdout, stderr } = await runCommand(command, args, { env, timeoutMs });
  if (exitCode === 0) return stdout;
  throw new Error(`${command} ended with ${exitCode ?? 'a signal'}: ${stderr.trim()} ${stdout.trim()}`);
}
