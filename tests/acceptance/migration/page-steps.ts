/** Runs the commands of the page on migration in the lab, one after the other, and prints what they print. */
import { isRunBy } from '#support/docs/block-marks.ts';
import { readPages, type CodeBlock } from '#support/docs/pages.ts';
import { judgeStep } from '#support/docs/run-blocks.ts';
import { shellSteps } from '#support/docs/shell-steps.ts';
import type { SystemdLab } from '#lab/systemd/systemd-lab.ts';
import type { Report } from '../report.ts';

const PAGE = 'docs/migrate-from-virtualbmc.md';

/** The blocks in the section with this heading, and in those below it, that say that `suite` runs them. */
export function blocksOf(heading: string, suite: string): readonly CodeBlock[] {
  const page = readPages().find(({ path }) => path === PAGE);
  const headings = (page?.prose ?? []).flatMap(({ text, line }) => {
    const [, marks = '', title = ''] = /^(#+) (.+)$/.exec(text) ?? [];
    return marks === '' ? [] : [{ level: marks.length, title, line }];
  });
  const index = headings.findIndex(({ title }) => title === heading);
  const { line: from = Infinity, level = 0 } = headings[index] ?? {};
  const to = headings.slice(index + 1).find((next) => next.level <= level)?.line ?? Infinity;
  const blocks = page?.blocks.filter(({ line }) => line > from && line < to).filter(isRunBy(suite)) ?? [];
  if (blocks.length === 0) throw new Error(`${PAGE} has no block for ${suite} below "${heading}"`);
  return blocks;
}

/** Ends at the first command that fails or prints something else than the page shows. */
export async function followPage(
  lab: SystemdLab,
  report: Report,
  blocks: readonly CodeBlock[],
  print: (line: string) => void,
): Promise<void> {
  for (const step of blocks.flatMap(shellSteps)) {
    const passed = await report.step(`page: ${step.command}`, async () => {
      const { exitCode, stdout, stderr } = await lab.exec('bash', '-c', step.command);
      for (const line of `${stdout}${stderr}`.trimEnd().split('\n')) print(`      | ${line}`);
      const problem = judgeStep(step, exitCode, stdout, stderr);
      if (problem !== undefined) throw new Error(problem);
      return 'as the page says';
    });
    if (!passed) throw new Error('the commands that follow need this one');
  }
}
