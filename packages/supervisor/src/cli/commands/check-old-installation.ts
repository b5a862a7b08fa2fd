/** What `vbmc doctor` tells of an installation of VirtualBMC that has left something behind which still has an effect. */
import { closeSync, existsSync, openSync, readdirSync, readSync, realpathSync } from 'node:fs';
import { basename, join } from 'node:path';
import { counted } from '../../text/counted.ts';
import { nameList } from '../../text/name-list.ts';
import { defaultPaths } from '../paths.ts';
import type { Finding } from './finding.ts';

const UNIT = 'vbmc.service';
/** Names of our unit, which are those that VirtualBMC's unit has. */
const names = ['virtualbmc.service', 'vbmcd.service'] as const;

/** Where systemd looks for units and drop-ins of the system, the first place first: systemd.unit(5). */
const unitDirectories = [
  '/etc/systemd/system.control',
  '/run/systemd/system.control',
  '/etc/systemd/system',
  '/run/systemd/system',
  '/usr/local/lib/systemd/system',
  '/usr/lib/systemd/system',
];

/** More than the script has that pip or a distribution makes for a command, in bytes. */
const SCRIPT_BYTES = 1_024;

export function checkOldInstallation(
  directories: readonly string[] = defaultPaths().mode === 'system' ? unitDirectories : [],
  searchPath = process.env['PATH'] ?? '',
): readonly Finding[] {
  return [...names.flatMap((name) => dropInFinding(name, directories)), ...programFindings(searchPath)];
}

/** systemd applies the drop-ins of each name of a unit to the unit. */
function dropInFinding(name: string, directories: readonly string[]): readonly Finding[] {
  if (!isName(name, directories)) return [];
  const files = directories.flatMap((directory) => {
    const dropIns = join(directory, `${name}.d`);
    return list(dropIns).map((file) => join(dropIns, file));
  });
  if (files.length === 0) return [];
  const whose = `${counted(files.length, 'drop-in')} of ${name} (${nameList(files)})`;
  return [
    {
      severity: 'warning',
      subject: UNIT,
      message: `systemd applies ${whose} to it, because that is one of its names`,
      remedy: `remove what was written for VirtualBMC, move the rest to /etc/systemd/system/${UNIT}.d, then systemctl daemon-reload and systemctl restart vbmc; systemctl cat vbmc shows the result`,
    },
  ];
}

/** Whether the name leads to our unit: a unit of an operator's own comes first, and has its drop-ins for itself. */
function isName(name: string, directories: readonly string[]): boolean {
  const path = directories.map((directory) => join(directory, name)).find(existsSync);
  return path !== undefined && basename(realpathSync(path)) === UNIT;
}

function list(directory: string): readonly string[] {
  try {
    return readdirSync(directory)
      .filter((file) => file.endsWith('.conf'))
      .sort();
  } catch {
    return [];
  }
}

/** A shell finds the first program of a name. */
function programFindings(searchPath: string): readonly Finding[] {
  const places = searchPath.split(':').filter((place) => place.startsWith('/'));
  const first = (program: string): string | undefined =>
    places.map((place) => join(place, program)).find(existsSync);
  const theirs = ['vbmc', 'vbmcd'].map(first).filter((path) => path !== undefined && isVirtualBmc(path));
  if (theirs.length === 0) return [];
  return [
    {
      severity: 'warning',
      subject: 'VirtualBMC',
      message: `${theirs.join(' and ')} ${theirs.length === 1 ? 'is' : 'are'} of VirtualBMC, and a shell finds no other`,
      remedy:
        'uninstall it (pip3 uninstall --break-system-packages virtualbmc), and leave out the task that has installed it',
    },
  ];
}

/** A script for Python that imports VirtualBMC. */
function isVirtualBmc(path: string): boolean {
  try {
    const file = openSync(path, 'r');
    try {
      const bytes = Buffer.alloc(SCRIPT_BYTES);
      const text = bytes.toString('utf8', 0, readSync(file, bytes));
      return /^#!.*python/.test(text) && text.includes('virtualbmc');
    } finally {
      closeSync(file);
    }
  } catch {
    return false;
  }
}
