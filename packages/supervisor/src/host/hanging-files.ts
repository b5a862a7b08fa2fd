/** File operations that may hang (a dead NFS server, a FIFO): given up after a deadline, and not repeated meanwhile. */
import { Refusal } from './operator-error.ts';

const DEADLINE_MS = 5_000;

/**
 * Each operation that hangs keeps a thread of Node's pool, and every other file operation of the process needs one. vbmcd is started
 * with eight, of which lookups of names may keep two.
 */
const MOST_HANGING = 2;

/** What hangs. No other operation on the same path is begun, so each is one thread. */
const hanging = new Set<string>();
/** The last operation of each path that has some, and that has not hung yet; never rejects. */
const latest = new Map<string, Promise<void>>();

/**
 * Resolves as `operation` does, after earlier ones on the same `path`. Throws a `Refusal` when it takes longer than the
 * deadline, and at once while an earlier operation on the path hangs, or `mostHanging` on other paths.
 */
export async function withoutHanging<T>(
  path: string,
  operation: () => Promise<T>,
  deadlineMs = DEADLINE_MS,
  mostHanging = MOST_HANGING,
): Promise<T> {
  const earlier = latest.get(path) ?? Promise.resolve();
  const outcome = earlier.then(() => run(path, operation, deadlineMs, mostHanging));
  const settled = outcome
    .catch(() => undefined)
    .then(() => {
      if (latest.get(path) === settled) latest.delete(path);
    });
  latest.set(path, settled);
  return outcome;
}

async function run<T>(
  path: string,
  operation: () => Promise<T>,
  deadlineMs: number,
  mostHanging: number,
): Promise<T> {
  if (hanging.has(path)) throw stuck(`the file system of ${path} still does not answer`);
  if (hanging.size >= mostHanging) {
    throw stuck(`${path} is not tried while others do not answer (${[...hanging].join(', ')})`);
  }
  const running = operation();
  return new Promise((resolve, reject) => {
    const deadline = setTimeout(() => {
      hanging.add(path);
      reject(stuck(`the file system of ${path} has not answered for ${deadlineMs / 1000} s`));
    }, deadlineMs);
    void running.then(resolve, reject).finally(() => {
      clearTimeout(deadline);
      hanging.delete(path);
    });
  });
}

/** Whether an operation hangs now. */
export function anyFileHangs(): boolean {
  return hanging.size > 0;
}

/**
 * To be called when this process has nothing left to do. While an operation hangs Node cannot end it, because it waits for
 * its threads: then `tell` is called, and the process ends by SIGKILL.
 */
export function endThoughFilesHang(tell: (message: string) => void): void {
  if (!anyFileHangs()) return;
  tell('a file system does not answer, so this process can only end by SIGKILL, which it sends itself');
  process.kill(process.pid, 'SIGKILL');
}

function stuck(how: string): Refusal {
  return new Refusal(how, { remedy: 'check its mount' });
}
