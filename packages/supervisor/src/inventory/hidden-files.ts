/** Files that an inventory names and that the packaged service cannot see. Pure. */
import type { Problem } from '../text/problem.ts';
import { readConnectionUri } from './connection-uri.ts';

/** Parameters of libvirt's remote driver whose value is a path on this host. */
const pathParameters: ReadonlySet<string> = new Set(['keyfile', 'known_hosts', 'pkipath']);

/** What ProtectHome= and PrivateTmp= of the unit hide. */
const hidden = /^\/+(root|home|run\/user|tmp|var\/tmp)\//;

/**
 * About a `config_dir` that cannot be read: files of VirtualBMC that were moved to where the service sees them still have one that names
 * their old place. `undefined` when that is not the reason, because what names it could not be seen either.
 */
export function hiddenDirectoryProblem(path: string, configPath: string | undefined): Problem | undefined {
  const directory = hiddenAbove(path);
  if (configPath === undefined || directory === undefined || hiddenAbove(configPath) !== undefined) {
    return undefined;
  }
  return {
    message: `cannot read ${path}: the packaged service sees no file under /${directory}`,
    remedy: `move that directory to where the service sees it, if it is still there, and name its place as config_dir, for example ${dirOf(configPath)}/conf`,
  };
}

/** About the files in a connection URI; `undefined` when there is no problem. */
export function hiddenFileProblem(uri: string): Problem | undefined {
  for (const [name, path] of readConnectionUri(uri).parameters) {
    if (!pathParameters.has(name)) continue;
    const directory = hiddenAbove(path);
    if (directory !== undefined) {
      return {
        message: `${name} names ${path}, and the packaged service sees no file under /${directory}`,
        remedy: copyRemedy(name),
      };
    }
    if (path !== '' && !path.startsWith('/')) {
      return {
        message: `${name} names ${path}, and libvirt does not look for it in any home directory`,
        remedy: 'write the whole path, for example /var/lib/vbmc/.ssh/id_ed25519',
      };
    }
  }
  return undefined;
}

/** The directory above `path` that the service finds empty, without its first `/`. */
function hiddenAbove(path: string): string | undefined {
  return hidden.exec(path)?.[1];
}

function dirOf(path: string): string {
  return path.slice(0, path.lastIndexOf('/'));
}

function copyRemedy(name: string): string {
  return name === 'pkipath'
    ? 'copy the certificates to /var/lib/vbmc/pki, readable for user vbmc, and name that'
    : 'copy it to /var/lib/vbmc/.ssh (sudo install -m 600 -o vbmc -g vbmc), and name that';
}
