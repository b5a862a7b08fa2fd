/** Runs blocks of a page of the documentation in the lab, as a reader does who pastes them. */
import { isRunBy } from '#support/docs/block-marks.ts';
import { readPages, type CodeBlock } from '#support/docs/pages.ts';
import { runBlocks } from '#support/docs/run-blocks.ts';
import { shellSteps } from '#support/docs/shell-steps.ts';
import type { SystemdLab } from '#lab/systemd/systemd-lab.ts';

/** Types the password in $1 at each question for one; the rest is the command line. */
const TYPIST = `
import os, pty, sys
password = sys.argv[1].encode() + b"\\n"
def read(fd):
    data = os.read(fd, 1024)
    if b"password:" in data.lower():
        os.write(fd, password)
    return data
sys.exit(os.waitstatus_to_exitcode(pty.spawn(["sh", "-c", sys.argv[2]], read)))
`;

export interface Reader {
  /** Runs the blocks from the one that has `from` in it to the one that has `to`. Returns what they printed. */
  follow(from: string, to?: string): Promise<string>;
}

/** `password`: what the reader types when a command asks for one. */
export function readerOf(lab: SystemdLab, page: string, password: string): Reader {
  const blocks = (readPages().find(({ path }) => path === page)?.blocks ?? []).filter(
    isRunBy('test:service'),
  );
  const indexOf = (text: string): number => {
    const index = blocks.findIndex((block) => linesOf(block).includes(text));
    if (index < 0) throw new Error(`${page} has no block with ${text}`);
    return index;
  };
  return {
    async follow(from, to = from) {
      const { problems, output } = await runBlocks(
        blocks.slice(indexOf(from), indexOf(to) + 1),
        async (script) =>
          script.includes('ssh-copy-id')
            ? lab.exec('python3', '-c', TYPIST, password, script)
            : lab.exec('sh', '-c', script),
      );
      if (problems.length > 0) throw new Error(problems.join('\n'));
      return output;
    },
  };
}

function linesOf(block: CodeBlock): string {
  return shellSteps(block)
    .map(({ command }) => command)
    .join('\n');
}
