/** Reads the files that `password_file` and `kg_file` name. */
import { constants } from 'node:fs';
import { open, type FileHandle } from 'node:fs/promises';
import { dirname, resolve } from 'node:path';
import { describeExposure } from '../host/file-exposure.ts';
import { defined } from '../text/records.ts';
import type { Problem } from '../text/problem.ts';
import type { ReadSecretFile, SecretFile } from './secret-files.ts';
import { errorCode, namingFile } from '../host/error-code.ts';
import { withoutHanging } from '../host/hanging-files.ts';
import { Refusal } from '../host/operator-error.ts';
import { systemProblem } from '../host/system-problem.ts';

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

/** How to read a file once its absolute path is known. Never rejects for what is wrong with the file. */
type ReadAbsolute = (path: string, isCredential: boolean) => Promise<SecretFile>;

interface FilePlace {
  readonly path: string;
  readonly isCredential: boolean;
}

export interface SecretFileOptions {
  /** Default: that of this process. */
  readonly credentialsDirectory?: string | undefined;
  readonly readAbsolute?: ReadAbsolute;
}

/**
 * Reads the secret files of an inventory, each once, however many BMCs name it. `collect` parses the inventory with the reader
 * that it is given, which notes the files; a second parse uses the result. A file whose file system does not answer is an
 * error of its BMCs; the other files in its directory are not tried then, because each that hangs keeps a thread.
 */
export async function readSecretFiles(
  inventoryPath: string,
  reader: InventoryReader,
  collect: (readFile: ReadSecretFile) => void,
  {
    credentialsDirectory = process.env['CREDENTIALS_DIRECTORY'],
    readAbsolute = readFile,
  }: SecretFileOptions = {},
): Promise<ReadSecretFile> {
  const locate = locator(inventoryPath, reader, credentialsDirectory);
  const wanted = new Map<string, FilePlace>();
  collect((written, includedFile) => {
    const place = locate(written, includedFile);
    if ('ok' in place) return place;
    wanted.set(place.path, place);
    return notChecked;
  });
  const known = await readAll([...wanted.values()], readAbsolute);
  return (written, includedFile) => {
    const place = locate(written, includedFile);
    if ('ok' in place) return place;
    return known.get(place.path) ?? failure(`${place.path} has not been read`, 'try again');
  };
}

/** Relative paths begin at the file that they are written in. */
function locator(
  inventoryPath: string,
  reader: InventoryReader,
  credentialsDirectory: string | undefined,
): (written: string, includedFile: string | undefined) => FilePlace | SecretFile {
  return (written, includedFile) => {
    const isCredential = credentialPrefix.test(written);
    if (isCredential) {
      if (credentialsDirectory === undefined) return reader === 'service' ? noCredentials : notChecked;
      return { path: resolve(credentialsDirectory, written.replace(credentialPrefix, '')), isCredential };
    }
    return { path: resolve(dirname(includedFile ?? inventoryPath), written), isCredential };
  };
}

async function readAll(
  places: readonly FilePlace[],
  readAbsolute: ReadAbsolute,
): Promise<ReadonlyMap<string, SecretFile>> {
  const known = new Map<string, SecretFile>();
  for (const { path, isCredential } of places) {
    try {
      known.set(path, await withoutHanging(dirname(path), () => readAbsolute(path, isCredential)));
    } catch (error) {
      if (!(error instanceof Refusal)) throw error;
      const problem: Problem = { message: error.message, ...defined({ remedy: error.remedy }) };
      known.set(path, { ok: false, problem });
    }
  }
  return known;
}

async function readFile(path: string, isCredential: boolean): Promise<SecretFile> {
  let file: FileHandle | undefined;
  try {
    // Not blocking: a named pipe without a writer must not hold up every other BMC.
    file = await open(path, constants.O_RDONLY | constants.O_NONBLOCK);
    return await readOpenFile(file, path, isCredential);
  } catch (error) {
    return { ok: false, problem: explain(path, error) };
  } finally {
    await file?.close();
  }
}

async function readOpenFile(file: FileHandle, path: string, isCredential: boolean): Promise<SecretFile> {
  const status = await file.stat();
  if (!status.isFile()) return failure(`${path} is not a file`, 'write the path of a file');
  const { bytesRead, buffer } = await file.read(Buffer.alloc(MAXIMUM_BYTES + 1));
  if (bytesRead > MAXIMUM_BYTES) {
    return failure(`${path} has ${status.size} bytes, but no secret is that long`, 'correct the path');
  }
  const text = buffer.toString('utf8', 0, bytesRead);
  if (text.includes('\uFFFD')) return failure(`${path} is not UTF-8`, 'write the secret as text');
  const secret = text.replace(/\r?\n$/, '');
  if (/[\r\n]/.test(secret)) {
    const remedy = 'leave the secret alone in its first line';
    return failure(`${path} has several lines, of which ipmitool -f would read the first only`, remedy);
  }
  const { uid, gid, mode } = status;
  // systemd lets the group of the service read its credentials; no other user has that group.
  const asOwned = { uid, gid, mode: isCredential ? mode & ~0o070 : mode };
  const warning = describeExposure(`${path} holds a secret`, path, asOwned);
  return { ok: true, text: secret, ...defined({ warning }) };
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
      return systemProblem(namingFile(error, path)) ?? { message: `cannot read ${path}: ${String(error)}` };
  }
}
