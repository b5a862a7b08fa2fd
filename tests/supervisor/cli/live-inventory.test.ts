/** Which files root's verbs use when another user runs the vbmcd that answers. */
import { chownSync, existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { locateInventory } from '#supervisor/cli/live-inventory.ts';
import { systemPaths } from '#supervisor/cli/paths.ts';
import { controlSocketPath } from '#supervisor/host/run-directory.ts';
import { runVbmc } from '#support/supervisor/run-vbmc.ts';
import { scriptedDaemon } from '#support/supervisor/scripted-daemon.ts';
import { temporaryDirectory } from '#support/temporary-directory.ts';

const NOBODY = 65_534;
const applied = {
  outcome: 'applied',
  ...{ added: [], removed: [], changed: [], updated: [], started: [], stopped: [], unchanged: [] },
  ...{ problems: [], warnings: [], durationMs: 1 },
};
const own = { home: '/root' };
const asRoot = { isRoot: true, own };

/** A vbmcd whose run directory belongs to another user, and a file of root that it may name. */
async function foreignDaemon(told: (directory: string) => object) {
  const directory = temporaryDirectory();
  const [runDir, victim] = [join(directory, 'run'), join(directory, 'victim.ini')];
  writeFileSync(victim, '; of root\n', { mode: 0o600 });
  await scriptedDaemon(runDir, {
    'GET /v1/status': { body: { inventoryPath: victim, virtualBmc: null, ...told(directory) } },
    'POST /v1/reload': { body: applied },
  });
  if (process.getuid?.() === 0) {
    for (const path of [controlSocketPath(runDir), runDir]) chownSync(path, NOBODY, NOBODY);
  }
  return { directory, runDir, victim };
}

test('root does not use the inventory that the vbmcd of another user names', async () => {
  const { runDir, victim } = await foreignDaemon(() => ({}));
  await expect(locateInventory({ runDir }, asRoot)).rejects.toMatchObject({
    message: expect.stringContaining(`names ${victim} as its inventory`) as string,
    remedy: 'run vbmc as the user of that vbmcd, or name the inventory with --inventory',
  });
  expect(await locateInventory({ runDir, inventory: victim }, asRoot)).toMatchObject({
    path: victim,
    live: true,
  });
  expect(await locateInventory({ runDir }, { isRoot: false, own })).toMatchObject({ path: victim });
});

test('the inventory of the system is used, by its own path', async () => {
  const { runDir } = await foreignDaemon(() => ({ inventoryPath: `/etc/../etc/vbmc/domains.ini` }));
  expect(await locateInventory({ runDir }, asRoot)).toMatchObject({
    path: systemPaths.inventory,
    live: true,
  });
});

test('root does not use the settings of VirtualBMC that the vbmcd of another user names, unless root names them too', async () => {
  const { directory, runDir, victim } = await foreignDaemon((place) => ({
    virtualBmc: { home: place, configFile: join(place, 'eve/virtualbmc.conf') },
  }));
  const configFile = join(directory, 'eve/virtualbmc.conf');
  mkdirSync(join(directory, 'eve'));
  writeFileSync(configFile, `[default]\nconfig_dir = ${directory}\n`);
  if (process.getuid?.() === 0) chownSync(join(directory, 'eve'), NOBODY, NOBODY);
  const choice = { runDir, inventory: victim };
  await expect(locateInventory(choice, asRoot)).rejects.toMatchObject({
    message: expect.stringContaining('as the settings of VirtualBMC') as string,
    remedy: 'run vbmc as the user of that vbmcd, or set VIRTUALBMC_CONFIG for vbmc too',
  });
  const place = await locateInventory(choice, { isRoot: true, own: { ...own, configFile } });
  expect(place).toMatchObject({ path: victim, live: true, virtualBmc: { configFile } });
});

test('settings of VirtualBMC that only root can have written are used', async () => {
  // Any file of root: what it says is read later.
  const virtualBmc = { home: '/var/lib/vbmc', configFile: '/etc/passwd' };
  const { runDir, victim } = await foreignDaemon(() => ({ virtualBmc }));
  const { configFile } = virtualBmc;
  expect(await locateInventory({ runDir, inventory: victim }, asRoot)).toMatchObject({
    virtualBmc: { ...own, configFile },
  });
});

test('settings that name no directory do not let the vbmcd of another user name one by its home directory', async () => {
  // A file that is not there: the home directory counts in its place.
  const configFile = '/etc/vbmc-no-such-directory/virtualbmc.conf';
  const { directory, runDir, victim } = await foreignDaemon((home) => ({ virtualBmc: { home, configFile } }));
  const choice = { runDir, inventory: victim };
  const asked = locateInventory(choice, { isRoot: true, own: { ...own, configFile } });
  await expect(asked).rejects.toMatchObject({
    message: expect.stringContaining(`reads the BMCs of VirtualBMC in ${directory}/.vbmc`) as string,
  });
});

if (process.getuid?.() === 0) {
  test('vbmc add of root writes nothing where the vbmcd of another user leads', async () => {
    const { directory, runDir, victim } = await foreignDaemon(() => ({}));
    const run = await runVbmc(['--run-dir', runDir, 'add', 'node-0', '--no-check']);
    expect(run).toMatchObject({ exitCode: 1 });
    expect(run.problems).toContain('root does not use what such a user names');
    expect(readFileSync(victim, 'utf8')).toBe('; of root\n');
    expect(existsSync(join(directory, '.victim.ini.lock'))).toBe(false);
    const named = await runVbmc([
      ...['--run-dir', runDir, 'add', 'node-0', '--no-check', '--inventory', victim],
    ]);
    expect(named).toMatchObject({ exitCode: 0 });
    expect(readFileSync(victim, 'utf8')).toContain('[node-0]');
  });
}
