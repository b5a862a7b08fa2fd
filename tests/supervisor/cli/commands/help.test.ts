/** The options and verbs that VirtualBMC has of its library. */
import { execFileSync } from 'node:child_process';
import { VERSION } from '#supervisor/host/version.ts';
import { runVbmc } from '#support/supervisor/run-vbmc.ts';

test.each([
  [['help'], ['--help']],
  [
    ['help', 'list'],
    ['list', '--help'],
  ],
  [['-h'], ['--help']],
  [
    ['--help', 'list'],
    ['list', '--help'],
  ],
  [
    ['show', '-h'],
    ['show', '--help'],
  ],
])('vbmc %j is vbmc %j', async (argv, same) => {
  const run = await runVbmc(argv);
  expect(run).toEqual(await runVbmc(same));
  expect(run).toMatchObject({ exitCode: 0, problems: '' });
  expect(run.results).toMatch(/^Usage: /);
});

test('help of a verb that does not exist', async () => {
  expect(await runVbmc(['help', 'nothing'])).toEqual({
    exitCode: 1,
    results: '',
    problems: 'vbmc: there is no verb nothing: vbmc help lists the verbs\n',
  });
});

test.each(['-q', '--quiet', '-v', '-vv', '--verbose', '--debug', '--no-daemon'])(
  '%s is accepted before and after the verb',
  async (option) => {
    const { exitCode, results } = await runVbmc(['completion', 'bash']);
    for (const argv of [
      [option, 'completion', 'bash'],
      ['completion', option, 'bash'],
    ]) {
      expect(await runVbmc(argv)).toEqual({ exitCode, results, problems: '' });
    }
  },
);

test('--version names the program, as VirtualBMC does', async () => {
  expect((await runVbmc(['--version'])).results).toBe(`vbmc ${VERSION}\n`);
});

test('vbmc complete is vbmc completion bash, for a command of any name', async () => {
  expect((await runVbmc(['complete'])).results).toBe((await runVbmc(['completion', 'bash'])).results);
  const { results } = await runVbmc(['complete', '--name', 'my-vbmc', '--shell', 'bash']);
  const completes = `${results}\nCOMP_WORDS=(my-vbmc sh); COMP_CWORD=1; _my-vbmc; printf %s "\${COMPREPLY[*]}"`;
  expect(execFileSync('bash', ['-c', completes], { encoding: 'utf8' })).toBe('show');
});

test('vbmc complete --shell none prints words', async () => {
  const { results } = await runVbmc(['complete', '--shell', 'none']);
  expect(results).toMatch(/^ {2}cmds='add complete completion delete /);
  expect(results).toMatch(/^ {2}cmds_show='-h --help --json .*--format.*'$/m);
});

test('a name that is none is not made a script', async () => {
  const { exitCode, results } = await runVbmc(['complete', '--name', 'a;b']);
  expect({ exitCode, results }).toEqual({ exitCode: 2, results: '' });
});
