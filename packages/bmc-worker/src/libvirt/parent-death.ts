/** No `virsh` outlives the process that started it, not even if SIGKILL ends that process in the middle of a call. */
import { execFile } from 'node:child_process';
import { isShortage, tryToSpawn } from './try-to-spawn.ts';

/**
 * util-linux's setpriv (2.33 and later; setpriv(1), prctl(2) PR_SET_PDEATHSIG) asks the kernel to kill the
 * process when its parent dies, and then executes the command in the same process. The kernel clears the setting on
 * fork, so it does not affect a session daemon that virsh starts.
 */
const prefix = ['setpriv', '--pdeathsig', 'KILL', '--'] as const;

/** `code`: setpriv could not be tried for want of memory, processes or descriptors. */
export type ParentDeath = { readonly prefix: readonly string[] } | { readonly code: string };

let probe: Promise<ParentDeath> | undefined;

/**
 * The words to put before a command line. There are none where setpriv is missing or is busybox's: a `virsh event`
 * that is left behind there ends with the next line it prints. setpriv is probed once per process, and again after a
 * shortage.
 */
export async function parentDeathPrefix(): Promise<ParentDeath> {
  probe ??= probeSetpriv();
  const probed = await probe;
  if ('code' in probed) probe = undefined;
  return probed;
}

function probeSetpriv(): Promise<ParentDeath> {
  return new Promise((resolve) => {
    const [program, ...args] = prefix;
    const attempt = tryToSpawn(() =>
      execFile(program, [...args, 'true'], { timeout: 2_000 }, (error) => {
        const code = error === null ? undefined : String(error.code);
        if (code !== undefined && isShortage(code)) resolve({ code });
        else resolve({ prefix: error === null ? prefix : [] });
      }),
    );
    if ('code' in attempt) {
      void attempt.code.then((code) => {
        resolve(isShortage(code) ? { code } : { prefix: [] });
      });
    }
  });
}
