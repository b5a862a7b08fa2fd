import { existsSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { makeInventoryDirectory, makeOwnFiles } from '#supervisor/cli/own-files.ts';
import type { Paths } from '#supervisor/cli/paths.ts';
import { readInventory } from '#supervisor/inventory/read-inventory.ts';
import { temporaryDirectory } from '#support/temporary-directory.ts';

function ownPaths(mode: Paths['mode'] = 'user'): Paths {
  const home = temporaryDirectory();
  return {
    mode,
    inventory: join(home, '.config/vbmc/domains.ini'),
    runDirectory: join(home, 'run/vbmc'),
    stateDirectory: join(home, '.local/state/vbmc'),
  };
}

function modeOf(path: string): string {
  return (statSync(path).mode & 0o777).toString(8);
}

test('vbmcd makes what is missing, for its user only', async () => {
  const paths = ownPaths();
  await makeOwnFiles(paths, paths);
  const directories = [dirname(paths.inventory), paths.runDirectory, paths.stateDirectory];
  expect(directories.map(modeOf)).toEqual(['700', '700', '700']);
  expect(modeOf(paths.inventory)).toBe('600');
  expect(await readInventory(paths.inventory)).toMatchObject({ entries: [], diagnostics: [] });

  writeFileSync(paths.inventory, '[a]\npassword=x\n');
  await makeOwnFiles(paths, paths);
  expect(readFileSync(paths.inventory, 'utf8')).toBe('[a]\npassword=x\n');
});

test('what the command line names is the operator’s to make, and so is what belongs to the system', async () => {
  const paths = ownPaths();
  const named = { ...ownPaths(), runDirectory: paths.runDirectory };
  await makeOwnFiles(named, paths);
  expect([named.inventory, named.stateDirectory, paths.stateDirectory].filter(existsSync)).toEqual([]);
  expect(existsSync(paths.runDirectory)).toBe(true);
  const system = ownPaths('system');
  await makeOwnFiles(system, system);
  await makeInventoryDirectory(system.inventory, system, false);
  expect(existsSync(dirname(system.inventory))).toBe(false);
});

test('an edit by root makes the directory of the inventory, which no package has made', async () => {
  const system = ownPaths('system');
  await makeInventoryDirectory(system.inventory, system, true);
  expect(modeOf(dirname(system.inventory))).toBe('750');
});

test('an edit makes the directory of the inventory', async () => {
  const paths = ownPaths();
  await makeInventoryDirectory(paths.inventory, paths);
  expect(modeOf(dirname(paths.inventory))).toBe('700');
});
