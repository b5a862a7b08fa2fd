/** What `vbmc doctor` tells an ordinary user about the paths that apply. */
import { existsSync } from 'node:fs';
import { userInfo } from 'node:os';
import { defaultPaths, type Paths } from '../paths.ts';
import type { Finding } from './finding.ts';

/** logind keeps one file for each user who lingers. */
const LINGER_DIRECTORY = '/var/lib/systemd/linger';

export function checkOwnPaths(
  paths: Paths = defaultPaths(),
  user = userInfo().username,
  lingerDirectory = LINGER_DIRECTORY,
): readonly Finding[] {
  if (paths.mode === 'system') return [];
  const { inventory, runDirectory, stateDirectory } = paths;
  const message = `an ordinary user's own: inventory ${inventory}, run directory ${runDirectory}, state directory ${stateDirectory}`;
  return [{ severity: 'ok', subject: user, message }, ...lingerFinding(paths, user, lingerDirectory)];
}

function lingerFinding({ runDirectory }: Paths, user: string, lingerDirectory: string): readonly Finding[] {
  if (!runDirectory.startsWith('/run/user/') || existsSync(`${lingerDirectory}/${user}`)) return [];
  return [
    {
      severity: 'warning',
      subject: runDirectory,
      message: `while ${user} is not logged in this directory is gone: vbmc finds no vbmcd, and qemu:///session is out of reach`,
      remedy: 'loginctl enable-linger, if the BMCs are to work then too',
    },
  ];
}
