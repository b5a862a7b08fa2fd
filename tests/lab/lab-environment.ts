import { accessSync, constants } from 'node:fs';
import { delimiter, join } from 'node:path';
import type { LabDirectory } from './lab-directory.ts';

/** Daemons live in sbin, which an unprivileged user's PATH may lack. */
const searchPath = [
  ...new Set([...(process.env['PATH'] ?? '').split(delimiter), '/usr/sbin', '/sbin', '/usr/bin', '/bin']),
];

/** Where a program is, as the lab's processes find it. */
export function findProgram(name: string): string | undefined {
  return searchPath.map((directory) => join(directory, name)).find(isExecutable);
}

/** The whole environment of the lab's processes; nothing of the caller's but its PATH. */
export function makeLabEnvironment(directory: LabDirectory): Readonly<Record<string, string>> {
  return {
    PATH: searchPath.join(delimiter),
    LC_ALL: 'C.UTF-8',
    HOME: directory.makeDirectory('home'),
    XDG_RUNTIME_DIR: directory.makeDirectory('run'),
    XDG_CONFIG_HOME: directory.makeDirectory('config'),
    XDG_CACHE_HOME: directory.makeDirectory('cache'),
    XDG_DATA_HOME: directory.makeDirectory('data'),
    // A client that finds no daemon fails, as with the system's libvirt, rather than starting one.
    LIBVIRT_AUTOSTART: '0',
  };
}

function isExecutable(path: string): boolean {
  try {
    accessSync(path, constants.X_OK);
    return true;
  } catch {
    return false;
  }
}
