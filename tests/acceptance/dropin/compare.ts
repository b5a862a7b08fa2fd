/** Whether one command line has done the same on both programs. Pure. */
import type { CommandResult } from '#lab/run-command.ts';
import type { DropinLine } from './lines.ts';

export type LineResult = Pick<CommandResult, 'exitCode' | 'stdout' | 'stderr'> & {
  /** What the domain is like after it, for lines that may change it. */
  readonly effect?: string;
};

/** What is different; empty when nothing is. */
export function differences(line: DropinLine, theirs: LineResult, ours: LineResult): readonly string[] {
  const found: string[] = [];
  if (theirs.exitCode !== ours.exitCode)
    found.push(`exit code ${String(theirs.exitCode)}, ours ${String(ours.exitCode)}`);
  if (line.output === 'same' && theirs.stdout !== ours.stdout)
    found.push(`printed ${JSON.stringify(theirs.stdout)}, ours ${JSON.stringify(ours.stdout)}`);
  if (theirs.effect !== ours.effect)
    found.push(`the domain is ${theirs.effect ?? 'not asked'}, ours ${ours.effect ?? 'not asked'}`);
  for (const [who, { stdout, stderr }] of Object.entries({ VirtualBMC: theirs, vbmc: ours })) {
    if (line.words !== undefined && !`${stdout}${stderr}`.includes(line.words))
      found.push(`${who} does not say "${line.words}"`);
  }
  return found;
}

/** What is wrong with a line, given what is different and what may be. */
export function lineProblem(line: DropinLine, found: readonly string[]): string | undefined {
  if (line.differs === undefined) return found.length === 0 ? undefined : found.join('; ');
  return found.length > 0 ? undefined : `does the same now, although it is said to differ: ${line.differs}`;
}
