/**
 * No `virsh` outlives its worker, and no worker its vbmcd: not even one that hangs, and not if SIGKILL ends the process that
 * started it.
 */
import { execFile } from 'node:child_process';
import { isShortage, tryToSpawn } from './try-to-spawn.ts';

/**
 * util-linux's setpriv (2.33 and later; setpriv(1), prctl(2) PR_SET_PDEATHSIG) asks the kernel to kill the
 * process when its parent dies, and then executes the command in the same process, which keeps its open files. The kernel
 * clears the setting on fork, so it does not affect a session daemon that virsh starts. It counts the end of the thread
 * that forked; Node forks in its main thread, which lasts as long as the process. A program with file capabilities loses the
 * setting (prctl(2)).
 */
const prefix = ['setpriv', '--pdeathsig', 'KILL', '--'] as const;

/** `code`: setpriv could not be tried for want of memory, processes or descriptors. */
export type ParentDeath = { readonly prefix: readonly string[] } | { readonly code: string };

let probe: Promise<ParentDeath> | undefined;
let known: ParentDeath = { code: 'EAGAIN' };

/**
 * The words to put before a command line. There are none where setpriv is missing or is busybox's: a `virsh event`
 * that is left behind there ends with the next line it prints. setpriv is probed once per process, and again after a
 * shortage.
 */
export async function parentDeathPrefix(): Promise<ParentDeath> {
  probe ??= probeSetpriv();
  const probed = await probe;
  if ('code' in probed) probe = undefined;
  known = probed;
  return probed;
}

/** The same without waiting, for a process that has called `parentDeathPrefix`. After a shortage this begins a new probe. */
export function knownParentDeath(): ParentDeath {
  if ('code' in known) void parentDeathPrefix();
  return known;
}

/** To be called when setpriv has gone since it was probed: the next one to ask finds out. */
export function forgetParentDeath(): void {
  probe = undefined;
  known = { code: 'ENOENT' };
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
