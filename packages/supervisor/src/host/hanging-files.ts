/** File operations that may hang (a dead NFS server, a FIFO): given up after a deadline, and not repeated meanwhile. */
import { Refusal } from './operator-error.ts';

const DEADLINE_MS = 5_000;

/** What hangs. Each operation keeps a thread of Node's pool, of which there are four, so it is started once only. */
const hanging = new Set<string>();

/**
 * Resolves as `operation` does. Throws a `Refusal` when it takes longer than the deadline, and at once while an earlier
 * operation on the same `path` hangs.
 */
export async function withoutHanging<T>(
  path: string,
  operation: () => Promise<T>,
  deadlineMs = DEADLINE_MS,
): Promise<T> {
  if (hanging.has(path)) throw stuck(path, 'still does not answer');
  const running = operation();
  return new Promise((resolve, reject) => {
    const deadline = setTimeout(() => {
      hanging.add(path);
      reject(stuck(path, `has not answered for ${deadlineMs / 1000} s`));
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

function stuck(path: string, how: string): Refusal {
  return new Refusal(`the file system of ${path} ${how}`, { remedy: 'check its mount' });
}
