import { runCommandLine } from '#supervisor/cli/command-line.ts';
import type { Command, OptionValues, Program } from '#supervisor/cli/command.ts';
import { exitCodes } from '#supervisor/cli/exit-code.ts';

interface Run {
  readonly exitCode: number;
  readonly results: string;
  readonly problems: string;
  readonly ran: OptionValues | undefined;
}

async function run(argv: string[]): Promise<Run> {
  let ran: OptionValues | undefined;
  const command: Command = {
    name: 'list',
    description: 'lists',
    options: [
      { flags: '--json', description: 'as JSON' },
      { flags: '--colour <name>', description: 'the colour', choices: ['red', 'blue'] },
      { flags: '--colder', description: 'another that begins so' },
    ],
    help: { paragraphs: ['Help of list.'], exitCodes: {} },
    run: (options) => {
      ran = options;
      return Promise.resolve(exitCodes.failed);
    },
  };
  const program: Program = {
    name: 'vbmc',
    description: 'talks',
    options: [{ flags: '--run-dir <dir>', description: 'where', defaultValue: '/run/vbmc' }],
    help: { paragraphs: ['Help of vbmc.'], exitCodes: {} },
    does: { commands: [command] },
  };
  let results = '';
  let problems = '';
  const exitCode = await runCommandLine(program, argv, {
    result: (text) => (results += text),
    problem: (text) => (problems += text),
  });
  return { exitCode, results, problems, ran };
}

test('options of the program may come before and after the command', async () => {
  expect((await run(['list'])).ran).toEqual({ runDir: '/run/vbmc' });
  expect((await run(['--run-dir', '/a', 'list', '--json'])).ran).toEqual({ runDir: '/a', json: true });
  expect((await run(['list', '--run-dir', '/a', '--colour', 'red'])).ran).toEqual({
    runDir: '/a',
    colour: 'red',
  });
});

test("the command's exit code is the program's", async () => {
  expect((await run(['list'])).exitCode).toBe(1);
});

test.each([['--help'], ['list', '--help'], ['--version']])('%s %s is a result', async (...argv) => {
  expect(await run(argv)).toMatchObject({ exitCode: 0, problems: '', ran: undefined });
});

test('-h is --help', async () => {
  expect((await run(['list', '-h'])).results).toContain('Help of list.');
});

test('help of program and command', async () => {
  expect((await run(['--help'])).results).toContain('Help of vbmc.');
  expect((await run(['list', '--help'])).results).toContain('Help of list.');
});

test.each([
  ['nothing', ''],
  ['an unknown command', 'lost'],
  ['an unknown option', 'list --jsn'],
  ['an argument too many', 'list more'],
  ['a value out of range', 'list --colour green'],
  ['a missing value', '--run-dir'],
])('usage error: %s', async (_, line) => {
  const { exitCode, results, problems, ran } = await run(line.split(' ').filter((word) => word !== ''));
  expect({ exitCode, results, ran }).toEqual({ exitCode: 2, results: '', ran: undefined });
  expect(problems).not.toBe('');
});

test('an option may be abbreviated, if it is the only one that begins so', async () => {
  expect((await run(['list', '--colo', 'red'])).ran).toMatchObject({ colour: 'red' });
  expect(await run(['list', '--col', 'red'])).toMatchObject({
    ...{ exitCode: 2, ran: undefined },
    problems: "error: option '--col' could be --colour, --colder: write more of its name\n",
  });
});
