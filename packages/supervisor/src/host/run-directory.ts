/** The run directory: claimed by one vbmcd, with the files by which other processes find it. */
import { mkdir, rm } from 'node:fs/promises';
import { connect } from 'node:net';
import { join } from 'node:path';
import { Refusal } from './operator-error.ts';

/** The kernel's limit for the path of a unix socket, without its final NUL. */
const SOCKET_PATH_BYTES = 107;

export function controlSocketPath(runDirectory: string): string {
  return join(runDirectory, 'vbmc.sock');
}

export function authDirectoryPath(runDirectory: string): string {
  return join(runDirectory, 'auth');
}

/**
 * Claims the run directory: creates it where missing and removes what a killed vbmcd left behind. Throws a `Refusal`
 * when another vbmcd runs in it or the path of its control socket is too long.
 */
export async function claimRunDirectory(runDirectory: string): Promise<void> {
  const socketPath = controlSocketPath(runDirectory);
  if (Buffer.byteLength(socketPath) > SOCKET_PATH_BYTES) {
    throw new Refusal(
      `the path ${socketPath} is longer than the ${SOCKET_PATH_BYTES} bytes of a unix socket`,
      {
        remedy: 'choose a shorter --run-dir',
      },
    );
  }
  // Readable to all: the group of the socket has to pass through. The secrets have a directory of their own.
  await mkdir(runDirectory, { recursive: true, mode: 0o755 });
  if (await answers(socketPath)) {
    throw new Refusal(`another vbmcd is running on ${runDirectory}`, {
      remedy: 'stop it first, or choose another --run-dir',
    });
  }
  await rm(socketPath, { force: true });
  await rm(authDirectoryPath(runDirectory), { recursive: true, force: true });
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
