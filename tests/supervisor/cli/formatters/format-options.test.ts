/** What the recording of VirtualBMC does not have: our own output, names by attackers, `-f shell`, and what is refused. */
import { execFileSync } from 'node:child_process';
import { join } from 'node:path';
import type { BmcListing } from '#supervisor/status/bmc-listing.ts';
import { runVbmc, type Run } from '#support/supervisor/run-vbmc.ts';
import { runningListing } from '#support/supervisor/running-listing.ts';
import { scriptedDaemon } from '#support/supervisor/scripted-daemon.ts';
import { shownDetail } from '#support/supervisor/shown-detail.ts';
import { temporaryDirectory } from '#support/temporary-directory.ts';

const HOSTILE = '$(touch x)`touch y`"; touch z #\\';

async function vbmc(
  argv: readonly string[],
  listing: Partial<BmcListing> = {},
  columns?: number,
): Promise<Run> {
  const runDirectory = join(temporaryDirectory(), 'run');
  const bmc = { ...runningListing, ...listing };
  await scriptedDaemon(runDirectory, {
    'GET /v1/bmcs': { body: { bmcs: [bmc] } },
    'GET /v1/bmcs/n': { body: shownDetail(bmc, { connectionUri: 'qemu:///system', username: 'admin' }) },
  });
  return runVbmc(['--run-dir', runDirectory, ...argv], [], columns);
}

const ours = /^(NAME +DOMAIN|name: )/;
const box = /^\+---/;

test.each([
  ['a pipe', 'list', undefined, box],
  ['a terminal', 'list', 80, ours],
  ['a pipe', 'list --details', undefined, ours],
  ['a terminal', 'list -f table', 80, box],
  ['a terminal', 'list -c Port', 80, box],
  ['a terminal', 'list --sort-column Port', 80, box],
  ['a pipe', 'show n', undefined, box],
  ['a terminal', 'show n', 80, ours],
  ['a pipe', 'show n --details', undefined, ours],
  ['a terminal', 'show n --max-width 60', 80, box],
  ['a pipe', 'list --json', undefined, /^\[\n {2}\{\n {4}"name"/],
  ['a pipe', 'show n --json', undefined, /^\{\n {2}"name"/],
  ['a pipe', 'list --names', undefined, /^node-0\n$/],
] as const)('to %s, vbmc %s', async (_, line, columns, expected) => {
  const { exitCode, results } = await vbmc(line.split(' '), {}, columns);
  expect(exitCode).toBe(0);
  expect(results).toMatch(expected);
});

test.each([
  ['list --json -f json', '--json excludes'],
  ['list --watch -c Port', '--watch excludes'],
  ['list --names --noindent', '--names excludes'],
  ['show n --details -f shell', '--details excludes'],
  ['list --max-width 1.5', '--max-width: 1.5 is not a whole number'],
  ['list -f shell', 'choices'],
  ['list --prefix x', 'unknown option'],
])('vbmc %s is a usage error', async (line, message) => {
  const { exitCode, results, problems } = await vbmc(line.split(' '));
  expect({ exitCode, results }).toEqual({ exitCode: 2, results: '' });
  expect(problems).toContain(message);
});

test.each(['table', 'value', 'csv', 'json', 'yaml'])(
  'a name moves no cursor and adds no line with -f %s',
  async (format) => {
    const { results } = await vbmc(['list', '-f', format], { name: 'a\u001b[2J\nb\u009b1m' });
    // eslint reads a pattern of control characters as a mistake, and so does a terminal.
    expect(/[^\P{Cc}\n]/u.test(results)).toBe(false);
    const plain = await vbmc(['list', '-f', format], { name: 'ab' });
    expect(results.split('\n')).toHaveLength(plain.results.split('\n').length);
  },
);

test('-f shell: a shell reads each value as it is, and executes none', async () => {
  const argv = ['show', 'n', '-f', 'shell', '--prefix', 'bmc_', '-c', 'port', '-c', 'domain_name'];
  const { results } = await vbmc(argv, { name: HOSTILE });
  expect(results).toMatch(/^bmc_domain_name=".*"\nbmc_port="6230"\n$/);
  const directory = temporaryDirectory();
  const script = 'eval "$1"; printf "%s %s" "$bmc_port" "$bmc_domain_name"; ls';
  const printed = execFileSync('sh', ['-c', script, 'sh', results], { cwd: directory, encoding: 'utf8' });
  expect(printed).toBe(`6230 ${HOSTILE}`);
});

test.each([
  ['CLIFF_MAX_TERM_WIDTH', '30'],
  ['CLIFF_FIT_WIDTH', '1'],
])('%s=%s makes the table narrower', async (variable, value) => {
  const name = 'a-name-of-several-words-for-a-virtual-machine';
  const wide = await vbmc(['list', '-f', 'table'], { name }, 30);
  process.env[variable] = value;
  try {
    const narrow = await vbmc(['list', '-f', 'table'], { name }, 30);
    expect(narrow.results.indexOf('\n')).toBeLessThan(wide.results.indexOf('\n'));
  } finally {
    Reflect.deleteProperty(process.env, variable);
  }
});

test('a terminal of unknown width makes no table narrower', async () => {
  const { results } = await vbmc(['list', '--fit-width'], { name: 'a-name-of-several-words' }, 0);
  expect(results).toContain('| a-name-of-several-words |');
});

test('ports that are missing come last, and sort no text', async () => {
  const runDirectory = join(temporaryDirectory(), 'run');
  const bmcs = [6231, null, 6230].map((port, index) => ({ ...runningListing, name: `n-${index}`, port }));
  await scriptedDaemon(runDirectory, { 'GET /v1/bmcs': { body: { bmcs } } });
  const argv = ['--run-dir', runDirectory, 'list', '-f', 'value', '-c', 'Domain name', '-c', 'Port'];
  const { results } = await runVbmc([...argv, '--sort-column', 'Port']);
  expect(results).toBe('n-2 6230\nn-0 6231\nn-1 None\n');
});
