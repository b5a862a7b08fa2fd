/** Reads a directory in VirtualBMC's layout, `NAME/config` for each BMC. A bad file is a problem of its BMC alone. */
import { lstat, readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { errorCode } from '../host/error-code.ts';
import { describeExposure, type FileOwnership } from '../host/file-exposure.ts';
import { withoutHanging } from '../host/hanging-files.ts';
import { holding, type HeldDirectory } from '../host/held-directory.ts';
import { Refusal } from '../host/operator-error.ts';
import { systemProblem } from '../host/system-problem.ts';
import { defined } from '../text/records.ts';
import type { Problem } from '../text/problem.ts';
import { isOwnOrRoots, ownerProblem, type Owners } from './file-owner.ts';
import { readConfigText } from './read-config-text.ts';

export type ConfigContent =
  | {
      readonly ok: true;
      readonly text: string;
      /** Whether only root or the user who reads it could have written it: others must not choose the programs that libvirt starts. */
      readonly isOwn: boolean;
    }
  | { readonly ok: false; readonly problem: Problem };

export interface VirtualBmcFile {
  /** The name of its directory, by which VirtualBMC's verbs know the BMC. */
  readonly name: string;
  readonly path: string;
  readonly content: ConfigContent;
}

export type VirtualBmcDirectory =
  | {
      readonly ok: true;
      /** Sorted by name. */
      readonly files: readonly VirtualBmcFile[];
      /** Other users may read the passwords in it. */
      readonly exposure?: Problem;
    }
  | { readonly ok: false; readonly isMissing: boolean; readonly problem: Problem };

/** The file of a BMC in its directory. */
export const CONFIG = 'config';

/** So long the files of one directory may take in all: there may be hundreds on a slow mount. */
const LIMIT_MS = 20_000;

/** More than any host has domains; another user may fill the directory without end. */
const MOST_BMCS = 4_096;
/** Of all files in characters: a usual one has 300. */
const MOST_TEXT = 16 * 1_048_576;

const CORRECT_IT = 'correct its permissions, or remove it';

/** Ignores all but directories with a `config`: `master.pid` for instance. Never rejects for what is wrong with a file. */
export async function readVirtualBmcDirectory(
  directory: string,
  { own = process.geteuid?.() ?? -1, limitMs = LIMIT_MS, mostBmcs = MOST_BMCS, mostText = MOST_TEXT } = {},
): Promise<VirtualBmcDirectory> {
  const end = performance.now() + limitMs;
  const listed = await settled(directory, () =>
    holding(async (holder) => {
      const { status, within } = await holder.directory(directory);
      return { status, entries: await within((here) => readdir(here, { withFileTypes: true })) };
    }),
  );
  if (!listed.ok) {
    const { code, problem } = listed;
    return { ok: false, isMissing: code === 'ENOENT', problem };
  }
  const { status, entries } = listed.value;
  const problem = ownerProblem(directory, status, { own, directory: status.uid });
  if (problem !== undefined) return { ok: false, isMissing: false, problem };
  const owners = { own, directory: status.uid };
  const names = entries
    .filter((entry) => entry.isDirectory() || entry.isSymbolicLink())
    .map(({ name }) => name);
  if (names.length > mostBmcs) {
    const message = `${directory} has ${names.length} directories, and may have ${mostBmcs}`;
    return { ok: false, isMissing: false, problem: { message, remedy: 'remove what is no BMC' } };
  }
  const slow = {
    message: `the file system of ${directory} is too slow: not read within ${limitMs / 1000} s`,
    remedy: 'check its mount',
  };
  const large = { message: `the files in ${directory} are too large`, remedy: CORRECT_IT };
  let taken = 0;
  const found: { readonly file: VirtualBmcFile; readonly exposure?: Problem }[] = [];
  for (const name of names.sort()) {
    const why = performance.now() > end ? slow : taken > mostText ? large : undefined;
    const read = why ? unread(directory, name, why) : await readBmc(directory, name, owners);
    if (read === undefined) continue;
    found.push(read);
    if (read.file.content.ok) taken += read.file.content.text.length;
  }
  const exposed = isClosed(status) ? undefined : found.find(({ exposure }) => exposure !== undefined);
  return {
    ok: true,
    files: found.map(({ file }) => file),
    ...defined({ exposure: exposed?.exposure }),
  };
}

/** Whether no other user reaches the files below. */
function isClosed({ mode }: FileOwnership): boolean {
  return (mode & 0o077) === 0;
}

/** `undefined` when the directory has no `config`. */
async function readBmc(
  directory: string,
  name: string,
  owners: Owners,
): Promise<{ readonly file: VirtualBmcFile; readonly exposure?: Problem } | undefined> {
  const path = join(directory, name, CONFIG);
  // One path for all of them: where a file does not answer, its neighbours are not tried, because each keeps a thread.
  const read = await settled(directory, () =>
    holding(async (holder) => {
      const bmc = await holder.enter(await holder.directory(directory), name).catch(ignoreOther);
      if (bmc === undefined || !(await hasConfig(bmc))) return undefined;
      return { above: bmc.status, ...(await readConfigText(await holder.entry(bmc, CONFIG))) };
    }),
  );
  if (!read.ok) return { file: { name, path, content: { ok: false, problem: read.problem } } };
  if (read.value === undefined) return undefined;
  const { text, status, above } = read.value;
  const problem = ownerProblem(join(directory, name), above, owners) ?? ownerProblem(path, status, owners);
  if (problem !== undefined) return { file: { name, path, content: { ok: false, problem } } };
  const exposure = isClosed(above) ? undefined : describeExposure(`${path} holds a password`, path, status);
  const isOwn = isOwnOrRoots(status, owners);
  return { file: { name, path, content: { ok: true, text, isOwn } }, ...defined({ exposure }) };
}

function unread(directory: string, name: string, problem: Problem): { readonly file: VirtualBmcFile } {
  return { file: { name, path: join(directory, name, CONFIG), content: { ok: false, problem } } };
}

/** A link to a file, or to nothing, is none of VirtualBMC's directories. */
function ignoreOther(error: unknown): undefined {
  if (!['ENOENT', 'ENOTDIR'].includes(errorCode(error) ?? '')) throw error;
}

/** Also for a link that leads nowhere, and when this user may not look at it. */
async function hasConfig({ within }: HeldDirectory): Promise<boolean> {
  try {
    await within((here) => lstat(join(here, CONFIG)));
    return true;
  } catch (error) {
    return errorCode(error) !== 'ENOENT';
  }
}

type Settled<T> =
  | { readonly ok: true; readonly value: T }
  | { readonly ok: false; readonly code: string | undefined; readonly problem: Problem };

async function settled<T>(directory: string, operation: () => Promise<T>): Promise<Settled<T>> {
  try {
    return { ok: true, value: await withoutHanging(directory, operation) };
  } catch (error) {
    const problem = error instanceof Refusal ? error : systemProblem(error);
    if (problem === undefined) throw error;
    const { message, remedy = CORRECT_IT } = problem;
    return { ok: false, code: errorCode(error), problem: { message, remedy } };
  }
}
