import { mkdirSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { checkOldInstallation } from '#supervisor/cli/commands/check-old-installation.ts';
import { temporaryDirectory } from '#support/temporary-directory.ts';

const PIP_SCRIPT = `#!/usr/bin/python3
# -*- coding: utf-8 -*-
import re
import sys
from virtualbmc.cmd.vbmcd import main
`;

/** The directories of units as the package and an operator leave them: /etc first. */
function machine(): { etc: string; usr: string; directories: readonly string[] } {
  const root = temporaryDirectory();
  const [etc, usr] = [join(root, 'etc'), join(root, 'usr')];
  for (const directory of [etc, usr]) mkdirSync(directory);
  writeFileSync(join(usr, 'vbmc.service'), '');
  for (const name of ['virtualbmc', 'vbmcd']) symlinkSync('vbmc.service', join(usr, `${name}.service`));
  return { etc, usr, directories: [etc, usr] };
}

function dropIn(directory: string, unit: string, file = 'override.conf'): string {
  mkdirSync(join(directory, `${unit}.d`), { recursive: true });
  const path = join(directory, `${unit}.d`, file);
  writeFileSync(path, '[Service]\nUser=stack\n');
  return path;
}

test('a drop-in of the old unit is told, by the name that makes it apply', () => {
  const { etc, usr, directories } = machine();
  expect(checkOldInstallation(directories, '')).toEqual([]);
  const first = dropIn(etc, 'virtualbmc.service');
  const second = dropIn(usr, 'virtualbmc.service', 'limits.conf');
  const third = dropIn(etc, 'vbmcd.service');
  dropIn(etc, 'virtualbmc.service', 'notes.txt');
  const findings = checkOldInstallation(directories, '');
  expect(findings).toMatchObject([
    {
      ...{ severity: 'warning', subject: 'vbmc.service' },
      message: `systemd applies 2 drop-ins of virtualbmc.service (${first}, ${second}) to it, because that is one of its names`,
    },
    { message: expect.stringContaining(third) as string },
  ]);
  expect(findings[0]?.remedy).toContain('/etc/systemd/system/vbmc.service.d');
});

test('drop-ins of our own name are wanted', () => {
  const { etc, directories } = machine();
  dropIn(etc, 'vbmc.service');
  expect(checkOldInstallation(directories, '')).toEqual([]);
});

test("an operator's own unit of the name, or a masked one, has its drop-ins for itself", () => {
  const { etc, directories } = machine();
  for (const name of ['virtualbmc.service', 'vbmcd.service']) dropIn(etc, name);
  writeFileSync(join(etc, 'virtualbmc.service'), '');
  symlinkSync('/dev/null', join(etc, 'vbmcd.service'));
  expect(checkOldInstallation(directories, '')).toEqual([]);
});

test('without the package there is nothing to apply them to', () => {
  const { etc } = machine();
  dropIn(etc, 'virtualbmc.service');
  expect(checkOldInstallation([etc], '')).toEqual([]);
});

test('a program of VirtualBMC that a shell finds first is told, and one behind ours is not', () => {
  const root = temporaryDirectory();
  const [local, usr] = [join(root, 'local'), join(root, 'usr')];
  for (const directory of [local, usr]) mkdirSync(directory);
  for (const name of ['vbmc', 'vbmcd']) {
    writeFileSync(join(local, name), PIP_SCRIPT);
    // Ours speaks of virtualbmc, too.
    writeFileSync(join(usr, name), '#!/bin/sh\n# not virtualbmc\n');
  }
  expect(checkOldInstallation([], `${usr}:${local}`)).toEqual([]);
  expect(checkOldInstallation([], `relative:${local}:${usr}`)).toEqual([
    {
      ...{ severity: 'warning', subject: 'VirtualBMC' },
      message: `${local}/vbmc and ${local}/vbmcd are of VirtualBMC, and a shell finds no other`,
      remedy: expect.stringContaining('pip3 uninstall') as string,
    },
  ]);
});
