/**
 * Directories held open, so that a path means one directory from the check to the last write. Another user may own a directory
 * above, and exchange what is in it at any moment: root must not be led elsewhere. Node has no openat(2); `/proc/self/fd/N/NAME`
 * is NAME in the directory that is open as N.
 */
import { constants } from 'node:fs';
import { chown, lstat, mkdir, open, readdir, readlink, type FileHandle } from 'node:fs/promises';
import { basename, dirname, join, resolve } from 'node:path';
import { errorCode, isSystemError } from './error-code.ts';
import type { FileOwnership } from './file-exposure.ts';
import { Refusal } from './operator-error.ts';

/** Linux: the descriptor stands for the place alone, so the directory need not be readable. Node has no name for it. */
const O_PATH = 0o10000000;
const DIRECTORY_FLAGS = O_PATH | constants.O_DIRECTORY | constants.O_NOFOLLOW;
/** As many as Linux follows. */
const MOST_LINKS = 40;
const OWNER_ONLY = 0o700;
const STICKY = 0o1000;
const ROOT = 0;

export interface HeldDirectory {
  /** As the operator knows it, for messages. */
  readonly path: string;
  /** Of the moment when it was opened. */
  readonly status: FileOwnership;
  /** Whether only root and this user could have put links there, and in all directories above. */
  readonly isTrusted: boolean;
  /**
   * Resolves as `operation` does, whose argument is a path of the directory; `PATH/NAME` is in it whatever happens above (`join` would
   * resolve `..` by the text). Errors name the operator's path.
   */
  readonly within: <T>(operation: (here: string) => Promise<T>) => Promise<T>;
}

/** An entry that is no link, or is to be opened with O_NOFOLLOW. */
export interface HeldEntry {
  readonly directory: HeldDirectory;
  readonly name: string;
}

/** Calls `use`, and closes at the end what the holder has opened. */
export async function holding<T>(use: (holder: Holder) => Promise<T>): Promise<T> {
  const handles: FileHandle[] = [];
  try {
    return await use(new Holder(handles));
  } finally {
    for (const handle of handles) await handle.close();
  }
}

/** Links in a directory that another user owns, and below it, are refused; all others are followed. */
export class Holder {
  readonly #handles: FileHandle[];
  readonly #own = process.geteuid?.() ?? -1;
  #links = 0;

  constructor(handles: FileHandle[]) {
    this.#handles = handles;
  }

  /** `isMade`: what is missing is created, for the owner of the directory above. Throws a `Refusal` or Node's error. */
  async directory(path: string, isMade = false): Promise<HeldDirectory> {
    const whole = resolve(path);
    const held = await this.#walk(await this.#open('/', '/', true), whole.split('/'), isMade);
    return { ...held, path: whole };
  }

  /** The directory `name` in another. */
  async enter(above: HeldDirectory, name: string, isMade = false): Promise<HeldDirectory> {
    const found = await this.entry(above, name);
    const path = join(above.path, name);
    const { directory } = found;
    try {
      return await directory.within((here) => this.#open(`${here}/${found.name}`, path, directory.isTrusted));
    } catch (error) {
      if (!isMade || errorCode(error) !== 'ENOENT') throw error;
    }
    return this.#make(found, path);
  }

  /** What `name` is in the directory, or leads to. Throws a `Refusal` for a link that is not followed. */
  async entry(directory: HeldDirectory, name: string): Promise<HeldEntry> {
    const target = await linkTarget(directory, name);
    if (target === undefined) return { directory, name };
    const path = join(directory.path, name);
    const { uid } = await directory.within((here) => lstat(`${here}/${name}`));
    if (!directory.isTrusted || !this.#isTrusted(uid)) {
      throw new Refusal(`${path} is a link, which another user may let lead anywhere`, {
        remedy: 'put there what it leads to, or name that in its place',
      });
    }
    this.#links += 1;
    if (this.#links > MOST_LINKS) {
      const remedy = 'remove the link, or correct it';
      throw new Refusal(`the symbolic links of ${path} lead in a circle`, { remedy });
    }
    const start = target.startsWith('/') ? await this.#open('/', '/', true) : directory;
    const last = basename(target);
    if (last === '' || last === '..')
      return { directory: await this.#walk(start, target.split('/'), false), name: '.' };
    const above = await this.#walk(start, dirname(target).split('/'), false);
    return this.entry(above, last);
  }

  async #walk(start: HeldDirectory, names: readonly string[], isMade: boolean): Promise<HeldDirectory> {
    let held = start;
    for (const name of names) {
      if (name !== '' && name !== '.') held = await this.enter(held, name, isMade);
    }
    return held;
  }

  async #open(place: string, path: string, isAboveTrusted: boolean): Promise<HeldDirectory> {
    const handle = await open(place, DIRECTORY_FLAGS).catch(asFound);
    this.#handles.push(handle);
    const { mode, uid, gid } = await handle.stat();
    const status = { mode, uid, gid };
    const own = `/proc/self/fd/${handle.fd}`;
    return {
      path,
      status,
      isTrusted: isAboveTrusted && this.#isTrusted(status.uid) && !this.#isOpenToOthers(status),
      within: async (operation) => {
        try {
          return await operation(own);
        } catch (error) {
          throw renamed(error, own, path);
        }
      },
    };
  }

  async #make({ directory, name }: HeldEntry, path: string): Promise<HeldDirectory> {
    await directory
      .within((here) => mkdir(`${here}/${name}`, OWNER_ONLY))
      .catch((error: unknown) => {
        if (errorCode(error) !== 'EEXIST') throw error;
      });
    const made = await directory.within((here) => this.#open(`${here}/${name}`, path, directory.isTrusted));
    const { uid, gid } = directory.status;
    if (this.#own !== ROOT || made.status.uid !== ROOT || uid === ROOT) return made;
    // The owner of the directory above may have put another directory of root's in its place, which must not become theirs.
    await made.within(async (here) => {
      if ((await readdir(here)).length > 0) throw exchanged(path);
      // In a container root may lack the capability.
      await chown(here, uid, gid).catch((error: unknown) => {
        if (errorCode(error) !== 'EPERM') throw error;
      });
    });
    return { ...made, status: { ...made.status, uid, gid } };
  }

  #isTrusted(uid: number): boolean {
    return uid === ROOT || uid === this.#own;
  }

  /** The sticky bit lets users rename only what is theirs. */
  #isOpenToOthers({ mode, gid }: FileOwnership): boolean {
    const forOthers = this.#own === ROOT && gid !== ROOT ? 0o022 : 0o002;
    return (mode & forOthers) !== 0 && (mode & STICKY) === 0;
  }
}

/** `undefined`: it is no link, or there is nothing. */
async function linkTarget(directory: HeldDirectory, name: string): Promise<string | undefined> {
  try {
    return await directory.within((here) => readlink(`${here}/${name}`));
  } catch (error) {
    if (['EINVAL', 'ENOENT'].includes(errorCode(error) ?? '')) return undefined;
    throw error;
  }
}

/** It is only looked for: messages say so. */
function asFound(error: unknown): never {
  if (isSystemError(error)) error.syscall = 'stat';
  throw error;
}

function exchanged(path: string): Refusal {
  return new Refusal(`another program has put ${path} there meanwhile`, { remedy: 'try again' });
}

function renamed(error: unknown, place: string, path: string): unknown {
  if (!isSystemError(error)) return error;
  const inWords = (text: string): string =>
    text.replaceAll(new RegExp(`${place}(?=['/]|$)`, 'g'), path === '/' ? '' : path);
  error.message = inWords(error.message);
  if (error.path !== undefined) error.path = inWords(error.path);
  if (error.dest !== undefined) Object.assign(error, { dest: inWords(error.dest) });
  return error;
}
