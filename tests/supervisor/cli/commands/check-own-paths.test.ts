import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { checkOwnPaths } from '#supervisor/cli/commands/check-own-paths.ts';
import { systemPaths } from '#supervisor/cli/paths.ts';
import { temporaryDirectory } from '#support/temporary-directory.ts';

const own = {
  mode: 'user',
  inventory: '/i',
  runDirectory: '/run/user/1000/vbmc',
  stateDirectory: '/s',
} as const;

test('the paths of the system need no word', () => {
  expect(checkOwnPaths(systemPaths)).toEqual([]);
});

test('an ordinary user learns which paths apply, and what happens after the logout', () => {
  const lingering = temporaryDirectory();
  const [paths, linger] = checkOwnPaths(own, 'alice', lingering);
  expect(paths?.message).toContain('inventory /i, run directory /run/user/1000/vbmc, state directory /s');
  expect(linger).toMatchObject({ severity: 'warning', subject: '/run/user/1000/vbmc' });
  expect(linger?.remedy).toContain('loginctl enable-linger');

  writeFileSync(join(lingering, 'alice'), '');
  expect(checkOwnPaths(own, 'alice', lingering)).toHaveLength(1);
  expect(checkOwnPaths({ ...own, runDirectory: '/s/run' }, 'bob', lingering)).toHaveLength(1);
});
