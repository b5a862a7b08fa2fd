/** No `virsh` outlives its worker, not even one killed by SIGKILL in the middle of a call. */
import { execFile } from 'node:child_process';

/**
 * util-linux's setpriv (2.33 and later; setpriv(1), prctl(2) PR_SET_PDEATHSIG) asks the kernel to kill the
 * process when its parent dies, then executes it in its own place. The kernel clears the setting on
 * fork, so a session daemon that virsh starts on its way is not taken along.
 */
const prefix = ['setpriv', '--pdeathsig', 'KILL', '--'] as const;

let probe: Promise<readonly string[]> | undefined;

/** The words to put before a command line; none where setpriv is missing or is busybox's. Asked once. */
export function parentDeathPrefix(): Promise<readonly string[]> {
  probe ??= new Promise((resolve) => {
    const [program, ...args] = prefix;
    execFile(program, [...args, 'true'], { timeout: 2_000 }, (error) => {
      resolve(error === null ? prefix : []);
    });
  });
  return probe;
}
