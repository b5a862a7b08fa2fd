/** Reads the files that `password_file` and `kg_file` name. */
import { closeSync, constants, fstatSync, openSync, readSync } from 'node:fs';
import { dirname, isAbsolute, join, resolve } from 'node:path';
import { describeExposure } from '../host/file-exposure.ts';
import type { ReadSecretFile, SecretFile } from './secret-files.ts';
import { errorCode } from '../host/error-code.ts';

/** Far more than any secret has; whoever names a disk image has named the wrong file. */
const MAXIMUM_BYTES = 1024;
/** How systemd's directory is written in an inventory: `LoadCredential=` puts files there. */
const secretKinds = /^\$(?:CREDENTIALS_DIRECTORY|\{CREDENTIALS_DIRECTORY\})\//;

const noCredentials: SecretFile = {
  ok: false,
  error:
    'CREDENTIALS_DIRECTORY is not set: systemd sets it for a service with LoadCredential=, write a path instead',
};
/** Any text will do: whoever checks only wants to know about everything else. */
const notChecked: SecretFile = {
  ok: true,
  text: 'not checked',
  warning: 'the credential is there for the service only: it is not checked here',
};

/** systemd's credentials are there for the service only; the command line has to do without. */
export type InventoryReader = 'service' | 'commandLine';

/** Each file is read once, however many BMCs name it; `inventoryPath` is where relative paths begin. */
export function secretFileReader(
  inventoryPath: string,
  reader: InventoryReader,
  directory = process.env['CREDENTIALS_DIRECTORY'],
): ReadSecretFile {
  const known = new Map<string, SecretFile>();
  return (written, includedFile) => {
    const credentials = secretKinds.test(written);
    if (credentials && directory === undefined) return reader === 'service' ? noCredentials : notChecked;
    const path = credentials ? join(directory ?? '', written.replace(secretKinds, '')) : written;
    const base = dirname(includedFile ?? inventoryPath);
    const absolute = isAbsolute(path) ? path : resolve(base, path);
    const content = known.get(absolute) ?? read(absolute, credentials);
    known.set(absolute, content);
    return content;
  };
}

function read(path: string, isCredential: boolean): SecretFile {
  let descriptor: number | undefined;
  try {
    // Not blocking: a named pipe that nobody writes to must not hold up every other BMC.
    descriptor = openSync(path, constants.O_RDONLY | constants.O_NONBLOCK);
    const { mode, size, uid, gid } = fstatSync(descriptor);
    if ((mode & constants.S_IFMT) !== constants.S_IFREG) return failure(`${path} is not a file`);
    const buffer = Buffer.alloc(MAXIMUM_BYTES + 1);
    const length = readSync(descriptor, buffer);
    if (length > MAXIMUM_BYTES) return failure(`${path} has ${size} bytes, no secret is that long`);
    const text = buffer.toString('utf8', 0, length);
    if (text.includes('\uFFFD')) return failure(`${path} is not UTF-8: write the secret as text`);
    // systemd gives the group of the service a right to read; others never have one.
    const asOwned = { uid, gid, mode: isCredential ? mode & ~0o070 : mode };
    const warning = describeExposure(`${path} holds a secret`, path, asOwned);
    return {
      ok: true,
      text: text.replace(/\r?\n$/, ''),
      ...(warning !== undefined && { warning }),
    };
  } catch (error) {
    return failure(explain(path, error));
  } finally {
    if (descriptor !== undefined) closeSync(descriptor);
  }
}

function failure(error: string): SecretFile {
  return { ok: false, error };
}

function explain(path: string, error: unknown): string {
  const code = errorCode(error);
  switch (code) {
    case 'ENOENT':
    case 'ENOTDIR':
      return `there is no file ${path}: write it, or correct the path (relative ones begin at the inventory)`;
    case 'EACCES':
    case 'EPERM':
      return `${path} may not be read by this user: chown it to the user of vbmcd`;
    default:
      return `${path} cannot be read: ${code ?? String(error)}`;
  }
}
