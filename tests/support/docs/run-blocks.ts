/** Runs the shell blocks of a page one after the other, as a reader does who pastes them into one terminal. */
import type { CommandResult } from '#lab/run-command.ts';
import { placeOf, type CodeBlock } from './pages.ts';
import { sameOutput, shellSteps, type ShellStep } from './shell-steps.ts';

export interface BlockOutcome {
  /** What failed, or printed something else than the page shows; empty if all is as written. */
  readonly problems: readonly string[];
  /** Everything printed on standard output. */
  readonly output: string;
}

/** `runScript` runs a script for `sh`. Exported variables hold for the blocks that follow. */
export async function runBlocks(
  blocks: readonly CodeBlock[],
  runScript: (script: string) => Promise<Pick<CommandResult, 'exitCode' | 'stdout' | 'stderr'>>,
): Promise<BlockOutcome> {
  const exports: string[] = [];
  const problems: string[] = [];
  let output = '';
  for (const block of blocks) {
    for (const step of shellSteps(block)) {
      if (step.command.startsWith('export ')) {
        exports.push(step.command);
        continue;
      }
      const { exitCode, stdout, stderr } = await runScript([...exports, step.command].join('\n'));
      output += stdout;
      const problem = judgeStep(step, exitCode, stdout, stderr);
      if (problem !== undefined) problems.push(`${placeOf(block)}: ${step.command}\n${problem}`);
    }
  }
  return { problems, output };
}

/** What is wrong with the outcome of a step: it failed, or printed something else than the page shows. */
export function judgeStep(
  { output: shown }: ShellStep,
  exitCode: number | undefined,
  stdout: string,
  stderr: string,
): string | undefined {
  // A console block may show a refusal.
  if (exitCode !== 0 && shown === undefined)
    return `ended with ${exitCode ?? 'a signal'}: ${stderr}${stdout}`;
  const found = `${stdout}${stderr}`.trimEnd();
  const lines = found === '' ? [] : found.split('\n');
  return shown === undefined || sameOutput(shown, lines) ? undefined : `printed\n${found}`;
}
