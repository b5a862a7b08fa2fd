/** Reads the files that `password_file` and `kg_file` name. */
import { closeSync, constants, fstatSync, openSync, readSync } from 'node:fs';
import { stat } from 'node:fs/promises';
import { dirname, isAbsolute, join, resolve } from 'node:path';
import { describeExposure } from '../host/file-exposure.ts';
import { defined } from '../text/records.ts';
import type { Problem } from '../text/problem.ts';
import type { ReadSecretFile, SecretFile } from './secret-files.ts';
import { errorCode } from '../host/error-code.ts';
import { withoutHanging } from '../host/hanging-files.ts';
import { Refusal } from '../host/operator-error.ts';

/** Far more than any secret has: a larger file, a disk image for instance, was named by mistake. */
const MAXIMUM_BYTES = 1024;
/** How an inventory names systemd's directory, into which `LoadCredential=` puts files. */
const credentialPrefix = /^\$(?:CREDENTIALS_DIRECTORY|\{CREDENTIALS_DIRECTORY\})\//;

const noCredentials: SecretFile = {
  ok: false,
  problem: {
    message: 'CREDENTIALS_DIRECTORY is not set; systemd sets it for a service with LoadCredential=',
    remedy: 'add LoadCredential= to the unit, or write a path',
  },
};
/** Any text will do: the command line checks everything but this secret. */
const notChecked: SecretFile = {
  ok: true,
  text: 'not checked',
  warning: { message: 'the credential is not checked here, because only the service can read it' },
};

/** Only the service can read systemd's credentials; the command line checks the rest. */
export type InventoryReader = 'service' | 'commandLine';

/** How to read a file once its absolute path is known. */
type ReadAbsolute = (path: string, isCredential: boolean) => SecretFile;

/** Reads each file once, however many BMCs name it. Relative paths begin at the file that they are written in. */
export function secretFileReader(
  inventoryPath: string,
  reader: InventoryReader,
  directory = process.env['CREDENTIALS_DIRECTORY'],
  readAbsolute: ReadAbsolute = read,
): ReadSecretFile {
  const known = new Map<string, SecretFile>();
  return (written, includedFile) => {
    const credentials = credentialPrefix.test(written);
    if (credentials && directory === undefined) return reader === 'service' ? noCredentials : notChecked;
    const path = credentials ? join(directory ?? '', written.replace(credentialPrefix, '')) : written;
    const base = dirname(includedFile ?? inventoryPath);
    const absolute = isAbsolute(path) ? path : resolve(base, path);
    const content = known.get(absolute) ?? readAbsolute(absolute, credentials);
    known.set(absolute, content);
    return content;
  };
}

/**
 * Finds the directories of secret files that do not answer, before a file in one of them holds up the whole process.
 * `collect` parses the inventory with the reader that it is given. Returns how to read the files after that. The
 * directories are asked one after the other: each that hangs keeps a thread.
 */
export async function avoidingHangingFiles(
  inventoryPath: string,
  collect: (reader: ReadSecretFile) => void,
): Promise<ReadAbsolute> {
  const directories = new Set<string>();
  const note: ReadAbsolute = (path) => {
    directories.add(dirname(path));
    return notChecked;
  };
  collect(secretFileReader(inventoryPath, 'service', undefined, note));
  const hanging = new Map<string, Problem>();
  for (const directory of directories) {
    try {
      await withoutHanging(directory, () => stat(directory));
    } catch (error) {
      // Any other error is one of the file, too, which names it better.
      if (error instanceof Refusal) {
        hanging.set(directory, { message: error.message, ...defined({ remedy: error.remedy }) });
      }
    }
  }
  return (path, isCredential) => {
    const problem = hanging.get(dirname(path));
    return problem === undefined ? read(path, isCredential) : { ok: false, problem };
  };
}

function read(path: string, isCredential: boolean): SecretFile {
  let descriptor: number | undefined;
  try {
    // Not blocking: a named pipe without a writer must not hold up every other BMC.
    descriptor = openSync(path, constants.O_RDONLY | constants.O_NONBLOCK);
    const { mode, size, uid, gid } = fstatSync(descriptor);
    if ((mode & constants.S_IFMT) !== constants.S_IFREG)
      return failure(`${path} is not a file`, 'write the path of a file');
    const buffer = Buffer.alloc(MAXIMUM_BYTES + 1);
    const length = readSync(descriptor, buffer);
    if (length > MAXIMUM_BYTES) {
      return failure(`${path} has ${size} bytes, but no secret is that long`, 'correct the path');
    }
    const text = buffer.toString('utf8', 0, length);
    if (text.includes('\uFFFD')) return failure(`${path} is not UTF-8`, 'write the secret as text');
    // systemd lets the group of the service read its credentials; no other user has that group.
    const asOwned = { uid, gid, mode: isCredential ? mode & ~0o070 : mode };
    const warning = describeExposure(`${path} holds a secret`, path, asOwned);
    return { ok: true, text: text.replace(/\r?\n$/, ''), ...defined({ warning }) };
  } catch (error) {
    return { ok: false, problem: explain(path, error) };
  } finally {
    if (descriptor !== undefined) closeSync(descriptor);
  }
}

function failure(message: string, remedy: string): SecretFile {
  return { ok: false, problem: { message, remedy } };
}

function explain(path: string, error: unknown): Problem {
  const code = errorCode(error);
  switch (code) {
    case 'ENOENT':
    case 'ENOTDIR':
      return {
        message: `there is no file ${path}`,
        remedy: 'write it, or correct the path (relative paths begin at the inventory)',
      };
    case 'EACCES':
    case 'EPERM':
      return { message: `this user may not read ${path}`, remedy: "chown it to vbmcd's user" };
    default:
      return { message: `${path} cannot be read: ${code ?? String(error)}` };
  }
}
