/** Files that a connection URI names and that the packaged service cannot see. Pure. */
import type { Problem } from '../text/problem.ts';
import { readConnectionUri } from './connection-uri.ts';

/** Parameters of libvirt's remote driver whose value is a path on this host. */
const pathParameters: ReadonlySet<string> = new Set(['keyfile', 'known_hosts', 'pkipath']);

/** What ProtectHome= and PrivateTmp= of the unit hide. */
const hidden = /^\/+(root|home|run\/user|tmp|var\/tmp)\//;

/** `undefined` when there is none. */
export function hiddenFileProblem(uri: string): Problem | undefined {
  for (const [name, path] of readConnectionUri(uri).parameters) {
    if (!pathParameters.has(name)) continue;
    const [, directory] = hidden.exec(path) ?? [];
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

function copyRemedy(name: string): string {
  return name === 'pkipath'
    ? 'copy the certificates to /var/lib/vbmc/pki, readable for user vbmc, and name that'
    : 'copy it to /var/lib/vbmc/.ssh (sudo install -m 600 -o vbmc -g vbmc), and name that';
}
