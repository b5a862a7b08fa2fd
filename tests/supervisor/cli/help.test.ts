import { runCommandLine } from '#supervisor/cli/command-line.ts';
import type { Program } from '#supervisor/cli/command.ts';
import { vbmcProgram } from '#supervisor/vbmc-program.ts';
import { daemonProgram } from '#supervisor/vbmcd-program.ts';

const verbs = 'commands' in vbmcProgram.does ? vbmcProgram.does.commands : [];

const pages: readonly (readonly [string, Program, readonly string[]])[] = [
  ['vbmcd', daemonProgram(''), []],
  ['vbmc', vbmcProgram, []],
  ...verbs.map(({ name }) => [`vbmc ${name}`, vbmcProgram, [name]] as const),
];

async function helpOf(program: Program, argv: readonly string[]): Promise<string> {
  let text = '';
  await runCommandLine(program, [...argv, '--help'], {
    result: (piece) => (text += piece),
    problem: (piece) => (text += piece),
  });
  return text;
}

test.each(pages)('%s --help fits into 80 columns and explains exit code 2', async (_, program, argv) => {
  const text = await helpOf(program, argv);
  expect(text.split('\n').filter((line) => line.length > 80)).toEqual([]);
  expect(text).toContain('Exit codes:\n  0  ');
  expect(text).toContain('\n  2  the command line is wrong\n');
});

test('paragraphs and the second column of lists are wrapped', async () => {
  const text = await helpOf(vbmcProgram, ['list']);
  expect(text).toContain(
    [
      'Status:',
      '  running     answers on its address and port',
      '  starting    its worker is starting',
      '  stopping    its worker is stopping',
      '  stopped     it has no worker',
      '  failing     its worker hangs or uses too much memory; vbmcd has killed it and',
      '              will replace it',
      '',
    ].join('\n'),
  );
});
