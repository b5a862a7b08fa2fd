/** No `virsh` outlives the process that started it, not even if SIGKILL ends that process in the middle of a call. */
import { execFile } from 'node:child_process';

/**
 * util-linux's setpriv (2.33 and later; setpriv(1), prctl(2) PR_SET_PDEATHSIG) asks the kernel to kill the
 * process when its parent dies, and then executes the command in the same process. The kernel clears the setting on
 * fork, so it does not affect a session daemon that virsh starts.
 */
const prefix = ['setpriv', '--pdeathsig', 'KILL', '--'] as const;

let probe: Promise<readonly string[]> | undefined;

/**
 * The words to put before a command line. There are none where setpriv is missing or is busybox's: a `virsh event`
 * that is left behind there ends with the next line it prints. setpriv is probed once per process.
 */
export function parentDeathPrefix(): Promise<readonly string[]> {
  probe ??= new Promise((resolve) => {
    const [program, ...args] = prefix;
    execFile(program, [...args, 'true'], { timeout: 2_000 }, (error) => {
      resolve(error === null ? prefix : []);
    });
  });
  return probe;
}
