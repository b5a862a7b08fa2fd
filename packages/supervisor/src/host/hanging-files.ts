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

/** Whether an operation hangs now. Node cannot end the process then, because it waits for its threads. */
export function anyFileHangs(): boolean {
  return hanging.size > 0;
}

function stuck(path: string, how: string): Refusal {
  return new Refusal(`the file system of ${path} ${how}`, { remedy: 'check its mount' });
}
