/** The run directory: claimed by one vbmcd, with the files by which other processes find it. */
import { mkdir, rm } from 'node:fs/promises';
import { statSync } from 'node:fs';
import { connect } from 'node:net';
import { dirname, join } from 'node:path';
import { lockDirectory, TAKEN_REMEDY, type DirectoryLock } from './directory-lock.ts';
import { Refusal } from './operator-error.ts';

/** The kernel's limit for the path of a unix socket, without its final NUL. */
const SOCKET_PATH_BYTES = 107;
const SOCKET = 'vbmc.sock';

/** For the members of its group. */
export function controlSocketPath(runDirectory: string): string {
  return join(runDirectory, SOCKET);
}

/** For vbmcd's own user and root, in a directory that no other user may enter. */
export function reservedSocketPath(runDirectory: string): string {
  return join(runDirectory, 'own', SOCKET);
}

/** The socket for a client: the reserved one if it may use it, which other users' connections do not take up. */
export function clientSocketPath(runDirectory: string): string {
  try {
    statSync(reservedSocketPath(runDirectory));
    return reservedSocketPath(runDirectory);
  } catch {
    return controlSocketPath(runDirectory);
  }
}

export function authDirectoryPath(runDirectory: string): string {
  return join(runDirectory, 'auth');
}

/** Of the sockets of kept connections. */
export function keptDirectoryPath(runDirectory: string): string {
  return join(runDirectory, 'kept');
}

/** The run directory of this vbmcd, for as long as the process lives. */
export class ClaimedDirectory {
  readonly path: string;
  #lock: DirectoryLock;

  constructor(path: string, lock: DirectoryLock) {
    this.path = path;
    this.#lock = lock;
  }

  /** Whether no other process has removed or replaced the directory or the lock in it. */
  get isOwn(): boolean {
    return this.#lock.isInPlace();
  }

  /**
   * Makes and locks the directory anew. Throws a `DirectoryTaken` when another vbmcd has locked it meanwhile, another
   * `Refusal` or Node's error when this process cannot lock it.
   */
  async reclaim(): Promise<void> {
    await makeDirectory(this.path);
    this.#lock = await lockRunDirectory(this.path);
  }

  /**
   * Removes everything but the lock, which ends with this process; nothing if the directory is another's now. Resolves with the
   * reason if something is left, which the next vbmcd removes.
   */
  async leave(): Promise<string | undefined> {
    if (!this.isOwn) return undefined;
    const removals = await Promise.allSettled(filesIn(this.path).map(remove));
    const failed = removals.find((removal) => removal.status === 'rejected');
    return failed === undefined ? undefined : String(failed.reason);
  }
}

/**
 * Claims the run directory: creates it where missing, locks it, and removes what a killed vbmcd left behind. Throws a
 * `Refusal` when another vbmcd runs in it or the paths of its sockets are too long.
 */
export async function claimRunDirectory(runDirectory: string): Promise<ClaimedDirectory> {
  const longest = reservedSocketPath(runDirectory);
  if (Buffer.byteLength(longest) > SOCKET_PATH_BYTES) {
    throw new Refusal(`the path ${longest} is longer than the ${SOCKET_PATH_BYTES} bytes of a unix socket`, {
      remedy: 'choose a shorter --run-dir',
    });
  }
  await makeDirectory(runDirectory);
  const lock = await lockRunDirectory(runDirectory);
  // A vbmcd of an earlier version has no lock.
  if (await answers(controlSocketPath(runDirectory))) {
    throw new Refusal(`another vbmcd is running on ${runDirectory}`, {
      remedy: TAKEN_REMEDY,
    });
  }
  for (const path of filesIn(runDirectory)) await remove(path);
  return new ClaimedDirectory(runDirectory, lock);
}

function lockRunDirectory(path: string): Promise<DirectoryLock> {
  return lockDirectory(join(path, 'vbmcd.lock'), `is running on ${path}`);
}

async function makeDirectory(runDirectory: string): Promise<void> {
  // Readable to all: the group of the socket has to pass through. The secrets have a directory of their own.
  await mkdir(runDirectory, { recursive: true, mode: 0o755 });
}

/** Secrets first. */
function filesIn(runDirectory: string): readonly string[] {
  return [
    authDirectoryPath(runDirectory),
    keptDirectoryPath(runDirectory),
    controlSocketPath(runDirectory),
    dirname(reservedSocketPath(runDirectory)),
  ];
}

function remove(path: string): Promise<void> {
  return rm(path, { recursive: true, force: true });
}

async function answers(socketPath: string): Promise<boolean> {
  return new Promise((resolve, reject) => {
    const socket = connect(socketPath);
    socket.once('connect', () => {
      socket.destroy();
      resolve(true);
    });
    socket.once('error', (error: NodeJS.ErrnoException) => {
      const isUnused = error.code === 'ENOENT' || error.code === 'ECONNREFUSED';
      if (isUnused) resolve(false);
      // EAGAIN: a process listens, and has no room for another connection.
      else if (error.code === 'EAGAIN') resolve(true);
      else reject(error);
    });
  });
}
