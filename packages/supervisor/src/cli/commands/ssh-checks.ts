/** What `vbmc doctor` finds in the `.ssh` of the user who connects by ssh. */
import { lstat, readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { errorCode } from '../../host/error-code.ts';
import { readConnectionUri } from '../../inventory/connection-uri.ts';
import { makeKey, type SshUser } from '../../virsh/ssh-lines.ts';
import type { Finding } from './finding.ts';

const FOR_OTHERS = 0o077;

/** No findings where no connection needs ssh, or where this user may not look. */
export async function checkSshKeys(
  connectionUris: ReadonlySet<string>,
  user: SshUser,
): Promise<readonly Finding[]> {
  const bySsh = [...connectionUris].map(readConnectionUri).filter(({ transport }) => transport === 'ssh');
  const named = bySsh.flatMap(({ parameters }) => parameters.filter(([name]) => name === 'keyfile'));
  if (bySsh.length === 0) return [];
  const directory = join(user.home, '.ssh');
  let names: readonly string[];
  try {
    names = await readdir(directory);
  } catch (error) {
    if (errorCode(error) !== 'ENOENT') return [];
    names = [];
  }
  // ssh's own default names.
  const own = names.filter((name) => /^id_(rsa|ecdsa|ecdsa_sk|ed25519|ed25519_sk|dsa)$/.test(name));
  const paths = new Set([...own.map((name) => join(directory, name)), ...named.map(([, path]) => path)]);
  if (paths.size === 0) {
    const message = `${user.name} has no ssh key, which connections by ssh need unless an agent has one`;
    return [{ severity: 'warning', subject: directory, message, remedy: makeKey(user) }];
  }
  const findings = await Promise.all([...paths].map((path) => checkKey(path, user)));
  return findings.flat();
}

async function checkKey(path: string, user: SshUser): Promise<readonly Finding[]> {
  try {
    const { mode } = await lstat(path);
    if ((mode & FOR_OTHERS) !== 0) {
      const message = 'ssh does not use a key that other users may read';
      return [{ severity: 'error', subject: path, message, remedy: `chmod 600 ${path}` }];
    }
    if (!hasPassphrase(await readFile(path, 'latin1'))) return [];
    const message = 'the key has a passphrase, and nobody is there to type it';
    const remedy = `remove it with ssh-keygen -p -N '' -f ${path}, or use another key`;
    return [{ severity: 'error', subject: path, message, remedy }];
  } catch (error) {
    if (errorCode(error) !== 'ENOENT') return [];
    const remedy = `correct keyfile in libvirt_uri, or make the key with ${makeKey(user)}`;
    return [{ severity: 'error', subject: path, message: 'there is no such key', remedy }];
  }
}

/** Of a private key in OpenSSH's own format (PROTOCOL.key: the cipher's name is its first field) or in PEM. */
export function hasPassphrase(key: string): boolean {
  const [, encoded] = /-----BEGIN OPENSSH PRIVATE KEY-----([^-]*)/.exec(key) ?? [];
  if (encoded === undefined) return key.includes('ENCRYPTED');
  const bytes = Buffer.from(encoded, 'base64');
  const start = Buffer.from('openssh-key-v1\0').length;
  if (bytes.length < start + 4) return false;
  const length = bytes.readUInt32BE(start);
  return bytes.toString('latin1', start + 4, start + 4 + length) !== 'none';
}
