import { expandOptions } from '#supervisor/cli/abbreviated-options.ts';
import type { Command, Program } from '#supervisor/cli/command.ts';

const list: Command = {
  name: 'list',
  description: 'lists',
  options: [
    { flags: '-f, --format <format>', description: 'x' },
    { flags: '--sort-column <column>', description: 'x' },
    { flags: '--sort-ascending', description: 'x' },
    { flags: '--sort', description: 'exact' },
    { flags: '--run-now', description: 'x' },
  ],
  help: { exitCodes: {} },
  run: () => Promise.resolve(0),
};
const program: Program = {
  name: 'vbmc',
  description: 'talks',
  options: [
    { flags: '--run-dir <dir>', description: 'x' },
    { flags: '--verbose', description: 'x' },
  ],
  help: { exitCodes: {} },
  does: { commands: [list] },
};

test.each([
  ['list --form json', 'list --format json'],
  ['list --form=json', 'list --format=json'],
  ['list --form=a=b', 'list --format=a=b'],
  ['--verb list', '--verbose list'],
  ['list --verb', 'list --verbose'],
  ['--run /a list', '--run-dir /a list'],
  // The verb's option comes first.
  ['list --run', 'list --run-now'],
  ['list --he', 'list --help'],
  ['--vers', '--version'],
  // A whole name is no beginning of another.
  ['list --sort', 'list --sort'],
  ['list --sort-c Port --sort-a', 'list --sort-column Port --sort-ascending'],
  // Not options of the verb, or no options.
  ['other --form json', 'other --form json'],
  ['list --nothing', 'list --nothing'],
  ['list -f json', 'list -f json'],
  ['list form', 'list form'],
  // A value is never an option, and neither is what follows two dashes.
  ['list --format --form', 'list --format --form'],
  ['list -f --form', 'list -f --form'],
  ['list --format -- --form json', 'list --format -- --format json'],
  ['list -- --form', 'list -- --form'],
  ['', ''],
])('%s is %s', (given, whole) => {
  expect(expandOptions(program, given.split(' '))).toEqual(whole.split(' '));
});

test('a beginning of several options is none of them', () => {
  expect(expandOptions(program, ['list', '--sort-'])).toEqual({
    given: '--sort-',
    candidates: ['--sort-column', '--sort-ascending'],
  });
});

test('a program without verbs', () => {
  const daemon: Program = { ...program, does: { run: () => Promise.resolve(0) } };
  expect(expandOptions(daemon, ['--run', '/a'])).toEqual(['--run-dir', '/a']);
});
