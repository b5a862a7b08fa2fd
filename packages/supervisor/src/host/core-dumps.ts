/** Keeps passwords and session keys off the disk: a core dump of vbmcd or of a worker would hold them. */
import { execFile } from 'node:child_process';
import { tryToSpawn } from '@vbmc/bmc-worker/libvirt';

/**
 * Forbids core dumps of this process and of all that it starts from now on, by util-linux's prlimit: Node cannot
 * call setrlimit(2). Resolves with the reason when that failed.
 */
export async function forbidCoreDumps(pid: number): Promise<string | undefined> {
  return new Promise((resolve) => {
    const attempt = tryToSpawn(() =>
      execFile('prlimit', ['--pid', String(pid), '--core=0:0'], { timeout: 2_000 }, (error) => {
        resolve(error?.message.trim());
      }),
    );
    if ('code' in attempt) void attempt.code.then(resolve);
  });
}
