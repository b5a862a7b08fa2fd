/**
 * An exclusive flock(2) of a file. The kernel releases the lock when the process ends, however it ends. Node cannot call
 * flock, so util-linux's `flock` takes the lock of a file that this process has opened: the lock belongs to the open file,
 * which both share, and stays when `flock` has ended. No other child gets it.
 */
import { spawn } from 'node:child_process';
import { close, constants, fstat, ftruncate, open, statSync, write } from 'node:fs';
import { readFile, stat } from 'node:fs/promises';
import { setTimeout as delay } from 'node:timers/promises';
import { promisify } from 'node:util';
import { isShortage, tryToSpawn } from '@vbmc/bmc-worker/libvirt';
import { Refusal } from './operator-error.ts';

/** flock(1): the lock is held by another process. */
const CONFLICT = 1;
/** The owner writes its pid a moment after it has the lock. */
const OWNER_TRIES = 20;
const OWNER_RETRY_MS = 50;
/** The file may be removed between its opening and its locking. */
const LOCK_TRIES = 5;

/** A lack of memory, processes or descriptors passes: this long it is waited for. */
const SHORTAGE_MS = 20_000;
const SHORTAGE_RETRY_MS = 250;

/** Node closes a `FileHandle` that is forgotten, and so the lock would end; never a plain descriptor. */
const [openFile, closeFile, statusOf] = [promisify(open), promisify(close), promisify(fstat)];
const [truncateFile, writeFile] = [promisify(ftruncate), promisify(write)];

/** Held until it is released, or this process ends. */
export interface FileLock {
  /** Whether the locked file is still at its path: another process may have removed or replaced it. */
  readonly isInPlace: () => boolean;
  readonly release: () => Promise<void>;
}

/**
 * Locks the file at `path`, and creates it where missing. `undefined`: another process has locked it, and has not
 * released it within `waitMs`. Throws a `Refusal` when it cannot be locked. `run` runs flock(1).
 */
export async function lockFile(path: string, waitMs: number, run = flock): Promise<FileLock | undefined> {
  const deadline = performance.now() + waitMs;
  let tries = 0;
  do {
    // Nobody else may open it, because whoever can open a file can lock it.
    const file = await openFile(path, constants.O_RDWR | constants.O_CREAT | constants.O_NOFOLLOW, 0o600);
    const outcome = await throughShortages(() => run(file, Math.max(0, deadline - performance.now())));
    if (outcome === CONFLICT) {
      await closeFile(file);
      return undefined;
    }
    if (outcome !== 0) {
      await closeFile(file);
      const remedy = isShortage(String(outcome))
        ? 'free memory, processes or descriptors'
        : 'install util-linux, which has flock';
      throw new Refusal(`cannot lock ${path}: ${outcome}`, { remedy });
    }
    const { ino } = await statusOf(file);
    if ((await stat(path).catch(() => undefined))?.ino === ino) {
      await nameThisProcess(file);
      return { isInPlace: () => inodeOf(path) === ino, release: () => closeFile(file) };
    }
    await closeFile(file);
    tries += 1;
    // Each of many that wait removes the file when it is done.
  } while (tries < LOCK_TRIES || performance.now() < deadline);
  throw new Refusal(`cannot lock ${path}: another process keeps replacing it`);
}

/** ` (pid 4711)` of the process that has locked the file, or nothing when it does not say. */
export async function nameOwner(path: string): Promise<string> {
  for (let tries = 0; tries < OWNER_TRIES; tries += 1) {
    const pid = await readOwner(path);
    if (pid !== undefined) return ` (pid ${pid})`;
    await delay(OWNER_RETRY_MS);
  }
  return '';
}

/** Calls `run` again while it resolves with the name of a shortage, within `SHORTAGE_MS`. */
async function throughShortages(run: () => Promise<number | string>): Promise<number | string> {
  const end = performance.now() + SHORTAGE_MS;
  for (;;) {
    const outcome = await run();
    if (typeof outcome === 'number' || !isShortage(outcome) || performance.now() > end) return outcome;
    await delay(SHORTAGE_RETRY_MS);
  }
}

/** Resolves with 0, `CONFLICT`, or what went wrong: Node's name of the error, where there is one. */
function flock(file: number, waitMs: number): Promise<number | string> {
  const patience = waitMs === 0 ? ['-n'] : ['-w', String(waitMs / 1000)];
  return new Promise((resolve) => {
    const attempt = tryToSpawn(() =>
      spawn('flock', [...patience, '3'], { stdio: ['ignore', 'ignore', 'ignore', file] }),
    );
    if ('code' in attempt) {
      void attempt.code.then(resolve);
      return;
    }
    attempt.started.on('error', (error: NodeJS.ErrnoException) => {
      resolve(error.code ?? error.message);
    });
    attempt.started.on('close', (code, signal) => {
      resolve(code === 0 || code === CONFLICT ? code : `flock ended with ${signal ?? String(code)}`);
    });
  });
}

/** For the message to the next process that wants the lock. */
async function nameThisProcess(file: number): Promise<void> {
  try {
    await truncateFile(file);
    await writeFile(file, `${process.pid}\n`);
  } catch {
    // A full disk: the lock holds without.
  }
}

/** `undefined`: there is no such file, or it cannot be seen. */
function inodeOf(path: string): number | undefined {
  try {
    return statSync(path).ino;
  } catch {
    return undefined;
  }
}

async function readOwner(path: string): Promise<number | undefined> {
  try {
    const pid = Number(await readFile(path, 'utf8'));
    // Throws for the pid of an owner that has been killed.
    if (pid > 0) process.kill(pid, 0);
    return pid > 0 ? pid : undefined;
  } catch {
    return undefined;
  }
}
