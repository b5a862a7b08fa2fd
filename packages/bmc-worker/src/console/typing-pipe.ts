/**
 * The pipe through which a console is typed at. At the end of its stdin, `script` types 04h (^D) at the guest, which logs somebody out.
 * The kernel closes the descriptors of a process that is killed before it kills the process's children: of 40 workers that were
 * killed, two typed a 04h. So stdin has no end: it is a named pipe that `script` itself has open for writing, too.
 */
import { execFile } from 'node:child_process';
import { closeSync, constants, openSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { Socket } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Writable } from 'node:stream';
import { tryToSpawn } from '../libvirt/try-to-spawn.ts';

export interface TypingPipe {
  /** A descriptor for the stdin of `script`. The caller closes it once that has started. */
  readonly stdin: number;
  readonly writer: Writable;
}

const MKFIFO_LIMIT_MS = 5_000;

/** The pipe has no name any more when this resolves. Rejects if there is none; the error's message says why. */
export async function makeTypingPipe(): Promise<TypingPipe> {
  const directory = await mkdtemp(join(tmpdir(), 'vbmc-console-'));
  try {
    const path = join(directory, 'typed');
    await makeFifo(path);
    // Neither waits for the other side.
    const stdin = openSync(path, constants.O_RDWR);
    try {
      const fd = openSync(path, constants.O_WRONLY | constants.O_NONBLOCK);
      return { stdin, writer: new Socket({ fd, readable: false, writable: true }) };
    } catch (error) {
      closeSync(stdin);
      throw error;
    }
  } finally {
    await rm(directory, { recursive: true, force: true });
  }
}

/** mkfifo(1), because Node has no mkfifo(3). */
async function makeFifo(path: string): Promise<void> {
  const limit = { timeout: MKFIFO_LIMIT_MS };
  return new Promise((resolve, reject) => {
    const attempt = tryToSpawn(() =>
      execFile('mkfifo', ['-m', '600', path], limit, (error) => {
        if (error === null) resolve();
        else reject(new Error(error.message));
      }),
    );
    if ('code' in attempt)
      void attempt.code.then((code) => {
        reject(new Error(`mkfifo could not be started: ${code}`));
      });
  });
}

/** For one that no `script` has got. */
export function dropTypingPipe({ stdin, writer }: TypingPipe): void {
  closeSync(stdin);
  writer.destroy();
}
