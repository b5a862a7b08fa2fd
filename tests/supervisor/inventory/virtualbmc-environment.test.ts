import { chmodSync, chownSync, copyFileSync, mkdirSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { ownEnvironment, wholePaths } from '#supervisor/virtualbmc/find-directory.ts';
import {
  findingsOf,
  namesOf,
  readPlace,
  virtualBmcConfig,
  virtualBmcPlace,
  type VirtualBmcPlace,
} from '#support/supervisor/virtualbmc-files.ts';
import { temporaryDirectory } from '#support/temporary-directory.ts';

describe('VIRTUALBMC_CONFIG', () => {
  /** A configuration as metal3-dev-env writes it, with BMCs in its config_dir. */
  function metal3(): { readonly place: VirtualBmcPlace; readonly config: string } {
    const place = virtualBmcPlace('', '');
    const config = join(place.directory, '../virtualbmc.conf');
    writeFileSync(
      config,
      `[default]\nconfig_dir=${place.directory}/\n[log]\nlogfile=/x\ndebug=True\n[ipmi]\nsession_timout=20\n`,
    );
    place.write('node-0', virtualBmcConfig('node-0', 6230));
    return { place, config };
  }

  test('its config_dir is a part of the inventory, and each setting without effect is told', async () => {
    const { place, config } = metal3();
    expect(namesOf(await readPlace(place))).toEqual([]);
    const inventory = await readPlace(place, config);
    expect(namesOf(inventory)).toEqual(['node-0']);
    expect(findingsOf(inventory).map((finding) => finding.replace(/:[^:]*$/, ''))).toEqual([
      `${config}:4: warning: [log] logfile: vbmcd writes its log to standard error, which systemd puts into the journal`,
      `${config}:5: warning: [log] debug: how much is logged is an option of vbmcd`,
      `${config}:7: warning: [ipmi] session_timout: VirtualBMC has no such key, so it has no effect`,
    ]);
  });

  test('needs no inventory', async () => {
    const { place, config } = metal3();
    rmSync(place.inventory);
    await expect(readPlace(place)).rejects.toThrow('ENOENT');
    expect(namesOf(await readPlace(place, config))).toEqual(['node-0']);
  });

  test('without config_dir, or with a file that is not there, ~/.vbmc counts, as in VirtualBMC', async () => {
    const { place, config } = metal3();
    const home = temporaryDirectory();
    symlinkSync(place.directory, join(home, '.vbmc'));
    writeFileSync(config, '');
    expect(namesOf(await readPlace(place, config, home))).toEqual(['node-0']);
    rmSync(config);
    const inventory = await readPlace(place, config, home);
    expect(namesOf(inventory)).toEqual(['node-0']);
    expect(findingsOf(inventory)).toEqual([
      expect.stringContaining(`${config}: warning: there is no such file, which VIRTUALBMC_CONFIG names`),
    ]);
    expect(namesOf(await readPlace(place, undefined, home))).toEqual([]);
  });

  test('a file that cannot be followed is an error, and brings no other directory into force', async () => {
    const { place, config } = metal3();
    const home = temporaryDirectory();
    symlinkSync(place.directory, join(home, '.vbmc'));
    writeFileSync(config, '[default]\nconfig_dir = conf\n');
    const inventory = await readPlace(place, config, home);
    expect(inventory.entries).toEqual([]);
    expect(findingsOf(inventory)).toEqual([
      `${config}:2: [default] config_dir: the path does not begin with /: write the whole path`,
    ]);
  });

  test('virtualbmc_dir counts before it, and may be a directory with a virtualbmc.conf', async () => {
    const { config } = metal3();
    const place = virtualBmcPlace();
    const elsewhere = temporaryDirectory();
    writeFileSync(join(place.directory, 'virtualbmc.conf'), `[default]\nconfig_dir = ${elsewhere}\n`);
    mkdirSync(join(elsewhere, 'node-9'));
    writeFileSync(join(elsewhere, 'node-9/config'), virtualBmcConfig('node-9', 9));
    place.write('node-1', virtualBmcConfig('node-1', 1));
    expect(namesOf(await readPlace(place, config))).toEqual(['node-9']);
  });

  test('a file that every user may change is not followed', async () => {
    const { place, config } = metal3();
    chmodSync(config, 0o666);
    const inventory = await readPlace(place, config);
    expect(inventory.entries).toEqual([]);
    expect(findingsOf(inventory)).toContainEqual(
      `${config}: every user may change ${config}: chmod o-w ${config}`,
    );
  });

  test('relative paths begin at the working directory of the process that has the variables', () => {
    const relative = { HOME: 'home', VIRTUALBMC_CONFIG: 'conf/virtualbmc.conf' };
    const whole = { HOME: resolve('home'), VIRTUALBMC_CONFIG: resolve('conf/virtualbmc.conf') };
    expect(ownEnvironment(relative)).toEqual({ home: whole.HOME, configFile: whole.VIRTUALBMC_CONFIG });
    expect(wholePaths(relative)).toEqual(whole);
    expect(wholePaths({ PATH: 'x', VIRTUALBMC_CONFIG: '' })).toEqual({});
  });

  if (process.getuid?.() === 0) {
    test('who may change the file chooses only a directory of their own, or one beside the file', async () => {
      const { place, config } = metal3();
      const names = async (): Promise<readonly string[]> => namesOf(await readPlace(place, config));
      const nobody = 65_534;
      chownSync(config, nobody, nobody);
      expect(await names()).toEqual(['node-0']);
      const moved = join(temporaryDirectory(), 'virtualbmc.conf');
      copyFileSync(config, moved);
      chownSync(moved, nobody, nobody);
      const inventory = await readPlace(place, moved);
      expect(inventory.entries).toEqual([]);
      const told = `${moved}: its config_dir ${place.directory}/ does not belong to user ${nobody}, who may change this file`;
      expect(findingsOf(inventory)).toContainEqual(expect.stringContaining(told));
      chownSync(place.directory, nobody, nobody);
      expect(namesOf(await readPlace(place, moved))).toEqual(['node-0']);
    });
  }
});
