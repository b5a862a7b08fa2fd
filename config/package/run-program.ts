import { execFileSync } from 'node:child_process';

/** Returns the standard output of a program; throws with the program's output when it fails. */
export function runProgram(
  program: string,
  args: readonly string[],
  options: { readonly cwd?: string; readonly env?: NodeJS.ProcessEnv } = {},
): string {
  try {
    return execFileSync(program, args, {
      ...options,
      encoding: 'utf8',
      stdio: ['ignore', 'pipe', 'pipe'],
      maxBuffer: 64 * 2 ** 20,
    });
  } catch (error) {
    const { stderr = '', stdout = '' } = error as { stderr?: string; stdout?: string };
    const output = `${stderr}${stdout}`.trim();
    throw new Error(`${program} ${args[0] ?? ''} failed: ${output === '' ? String(error) : output}`, {
      cause: error,
    });
  }
}
