import { execFileSync } from 'node:child_process';

/** Standard output of a program that has to succeed; throws with its own words when it does not. */
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
    const said = `${stderr}${stdout}`.trim();
    throw new Error(`${program} ${args[0] ?? ''} failed: ${said === '' ? String(error) : said}`, {
      cause: error,
    });
  }
}
