import { runCommandLine } from '#supervisor/cli/command-line.ts';
import type { Command } from '#supervisor/cli/command.ts';
import { vbmcProgram } from '#supervisor/vbmc-program.ts';

export interface Run {
  readonly exitCode: number;
  /** Standard output. */
  readonly results: string;
  /** Standard error. */
  readonly problems: string;
}

/**
 * Runs `vbmc` in this process; `instead` takes the place of its commands of the same name. Standard output is no terminal, unless
 * `terminalColumns` says how wide one is.
 */
export async function runVbmc(
  argv: readonly string[],
  instead: readonly Command[] = [],
  terminalColumns?: number,
): Promise<Run> {
  const own = 'commands' in vbmcProgram.does ? vbmcProgram.does.commands : [];
  const commands = own.map((command) => instead.find(({ name }) => name === command.name) ?? command);
  let [results, problems] = ['', ''];
  const exitCode = await runCommandLine({ ...vbmcProgram, does: { commands } }, argv, {
    result: (text) => (results += text),
    problem: (text) => (problems += text),
    ...(terminalColumns !== undefined && { terminalColumns }),
  });
  return { exitCode, results, problems };
}
