import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { createInterface } from 'node:readline';

/** A directory and a control group. Neither they nor a process that runs in the group outlive this process. */
export interface ControlGroup {
  /** An absolute path; only root can enter. */
  readonly directory: string;
  /** Starts a program in the group. Its output goes to the file descriptor `log`. */
  spawn(command: string, args: readonly string[], log: number): ChildProcess;
  /** Ends the processes and removes the directory. Rejects if something is left behind. */
  remove(): Promise<void>;
}

interface Made {
  readonly directory?: string;
  readonly groups?: readonly string[];
  readonly error?: string;
}

/** Joins each group that precedes `--`, then becomes the program that follows it. */
const JOIN_AND_RUN = `
while [ "$1" != -- ]; do echo $$ > "$1/cgroup.procs" || exit 1; shift; done
shift
exec "$@"`;

export async function createControlGroup(): Promise<ControlGroup> {
  const owner = spawn(process.execPath, [join(import.meta.dirname, 'control-group-owner.mjs')], {
    stdio: ['pipe', 'pipe', 'inherit'],
    detached: true,
    cwd: '/',
  });
  const ended = once(owner, 'exit');
  const remove = async (): Promise<void> => {
    owner.stdin.end();
    const [exitCode] = (await ended) as [number | null];
    if (exitCode !== 0) throw new Error('the systemd lab did not end cleanly');
  };
  const lines = createInterface({ input: owner.stdout });
  const [line] = (await Promise.race([once(lines, 'line'), ended])) as unknown[];
  const made = (typeof line === 'string' ? JSON.parse(line) : {}) as Made;
  const { directory, groups } = made;
  if (directory === undefined || groups === undefined) {
    await remove().catch(() => undefined);
    throw new Error(
      `the systemd lab cannot make a control group: ${made.error ?? 'unknown error'}\n` +
        'Run it as root on the machine itself, or in a container that may write /sys/fs/cgroup (docker run --privileged).',
    );
  }
  return {
    directory,
    spawn: (command, args, log) =>
      spawn('/bin/sh', ['-c', JOIN_AND_RUN, 'sh', ...groups, '--', command, ...args], {
        stdio: ['ignore', log, log],
        // Ctrl-C is for the lab's owner, which then ends the group.
        detached: true,
        cwd: '/',
      }),
    remove,
  };
}
