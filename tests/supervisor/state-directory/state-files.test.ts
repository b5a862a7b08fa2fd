import { readFileSync } from 'node:fs';
import { stateFiles } from '#supervisor/state-directory/state-files.ts';
import { daemonProgram } from '#supervisor/vbmcd-program.ts';

test('vbmcd --help, vbmcd(8) and docs/operate.md name every file of the state directory', () => {
  const names = Object.values(stateFiles).map(({ name }) => name);
  const rows = daemonProgram('').help.lists?.flatMap((list) => list.rows.map(([term]) => term)) ?? [];
  expect(rows).toEqual(expect.arrayContaining(names));
  const page = readFileSync('docs/operate.md', 'utf8');
  expect(names.filter((name) => !page.includes(`\`${name}\``))).toEqual([]);
  const manual = readFileSync('config/man/vbmcd.8', 'utf8').replaceAll('\\', '');
  expect(names.filter((name) => !manual.includes(`/var/lib/vbmc/${name}\n`))).toEqual([]);
});
