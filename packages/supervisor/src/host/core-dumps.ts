/** A core dump of vbmcd or of a worker would put passwords and session keys on the disk. */
import { execFile } from 'node:child_process';

/**
 * Forbids core dumps of this process and of all that it starts from now on, by util-linux's prlimit: Node cannot
 * call setrlimit(2). Resolves with why that could not be done.
 */
export async function forbidCoreDumps(pid: number): Promise<string | undefined> {
  return new Promise((resolve) => {
    execFile('prlimit', ['--pid', String(pid), '--core=0:0'], { timeout: 2_000 }, (error) => {
      resolve(error?.message.trim());
    });
  });
}
