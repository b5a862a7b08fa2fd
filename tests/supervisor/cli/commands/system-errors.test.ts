/** Each verb says in words what is wrong with a file, which file it is, and what to do. */
import { mkdirSync, symlinkSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { discoverCommand } from '#supervisor/cli/commands/discover.ts';
import { doctorCommand } from '#supervisor/cli/commands/doctor.ts';
import { exportCommand } from '#supervisor/cli/commands/export.ts';
import type { VirshQueries } from '#supervisor/virsh/virsh-query.ts';
import { runVbmc, type Run } from '#support/supervisor/run-vbmc.ts';
import { virshOf } from '#support/supervisor/virsh-answers.ts';
import { temporaryDirectory } from '#support/temporary-directory.ts';

/** Node's own name for an error: no word for an operator. */
const errnoName = /\bE[A-Z]{3,}\b/;

const virsh: VirshQueries = {
  version: () => Promise.resolve({ ok: true, text: '9.0.0' }),
  mayManage: (uri) => Promise.resolve({ ok: true, text: uri }),
  listManagedSaves: () => Promise.resolve({ ok: true, domains: [] }),
  listDomains: () => Promise.resolve({ ok: true, domains: ['a'] }),
};

async function run(...argv: readonly string[]): Promise<Run> {
  const runDirectory = join(temporaryDirectory(), 'run');
  const instead = [
    discoverCommand(virsh),
    doctorCommand(virsh, () => Promise.resolve({ prefix: [] })),
    exportCommand({
      ask: virshOf(['a']),
      ownAddresses: () => Promise.resolve({ defaultRoute: {} }),
      isTerminal: false,
      now: () => 0,
    }),
  ];
  return runVbmc(['--run-dir', runDirectory, ...argv], instead);
}

const verbs: readonly (readonly [string, (inventory: string) => readonly string[]])[] = [
  ['validate', (path) => ['validate', path]],
  ...['start a', 'stop a', 'delete a', 'add a', 'export csv', 'discover', 'discover --write', 'doctor'].map(
    (line) => [line, (path: string) => [...line.split(' '), '--inventory', path]] as const,
  ),
];

const places: readonly (readonly [string, (directory: string) => string, string])[] = [
  [
    'in a file',
    (directory) => {
      writeFileSync(join(directory, 'plain'), '');
      return join(directory, 'plain', 'domains.ini');
    },
    'a part of the path is a file, and no directory: correct the path',
  ],
  [
    'a circle of links',
    (directory) => {
      symlinkSync('circle.ini', join(directory, 'circle.ini'));
      return join(directory, 'circle.ini');
    },
    'its symbolic links lead in a circle, or one is not followed here: remove the link, or correct it',
  ],
  [
    'a name that is too long',
    (directory) => join(directory, `${'x'.repeat(300)}.ini`),
    'the path is too long: choose a shorter one',
  ],
];

test.each(
  verbs.flatMap(([verb, argv]) => places.map(([where, make, why]) => ({ verb, where, argv, make, why }))),
)('vbmc $verb, the inventory is $where', async ({ argv, make, why }) => {
  const path = make(temporaryDirectory());
  const { exitCode, problems } = await run(...argv(path));
  expect(exitCode).toBe(1);
  expect(problems).toContain(why);
  expect(problems).toContain(dirname(path));
  expect(problems).not.toMatch(errnoName);
});

test.each([
  ['add', ['add', 'a']],
  ['validate', ['validate']],
  ['export', ['export', 'csv']],
])('vbmc %s, the inventory is in a directory that does not exist', async (verb, argv) => {
  const path = join(temporaryDirectory(), 'gone', 'domains.ini');
  const { exitCode, problems } = await run(
    ...argv,
    ...(verb === 'validate' ? [path] : ['--inventory', path]),
  );
  expect(exitCode).toBe(1);
  expect(problems).toContain('there is no such file or directory: correct the path, or create it');
  expect(problems).toContain(path);
  expect(problems).not.toMatch(errnoName);
});

test('a file of the include directory, and a password file', async () => {
  const directory = temporaryDirectory();
  const path = join(directory, 'domains.ini');
  writeFileSync(path, '[a]\npassword_file = circle\n', { mode: 0o600 });
  mkdirSync(join(directory, 'domains.d'));
  symlinkSync('circle', join(directory, 'circle'));
  symlinkSync('b.ini', join(directory, 'domains.d', 'b.ini'));
  const { exitCode, results } = await run('validate', path);
  expect(exitCode).toBe(1);
  expect(results.match(/its symbolic links lead in a circle/g)).toHaveLength(2);
  expect(results).not.toMatch(errnoName);
});

test('the file that an export is written to', async () => {
  const directory = temporaryDirectory();
  const path = join(directory, 'domains.ini');
  writeFileSync(path, '[a]\npassword = x\naddress = 192.0.2.1\n', { mode: 0o600 });
  const { exitCode, problems } = await run(
    'export',
    'csv',
    '--inventory',
    path,
    '--output',
    '/nowhere/x.csv',
  );
  expect(exitCode).toBe(1);
  expect(problems).toContain('cannot open /nowhere/x.csv: there is no such file or directory');
  expect(problems).not.toMatch(errnoName);
});
