/** The programs that read what we export and talk to our BMCs. Debian has them; root gets them installed. */
import { installPrograms } from '#lab/debian-packages.ts';
import { findProgram } from '#lab/lab-environment.ts';
import { runCommand } from '#lab/run-command.ts';

const packages: Readonly<Record<string, string>> = {
  baremetal: 'python3-ironicclient',
  fence_ipmilan: 'fence-agents',
  'ansible-inventory': 'ansible-core',
};

/** A consumer that cannot be installed is reported by the steps that need it. */
export async function installConsumers(print: (line: string) => void): Promise<void> {
  await installPrograms(packages, { print }).catch((error: unknown) => {
    print(String(error));
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
