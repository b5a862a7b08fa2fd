/** A mount namespace of its own for podman: what it mounts is gone with it, and its view of control groups is one that crun takes. */
import { spawn, type ChildProcessWithoutNullStreams } from 'node:child_process';
import { once } from 'node:events';

/** crun refuses control groups of both versions at once. Without version 2 those of version 1 are left. */
const HOLD = `if [ -d /sys/fs/cgroup/unified ]; then umount /sys/fs/cgroup/unified || exit 1; fi
echo ready
exec cat`;

export interface MountNamespace {
  /** The words to put before a command line. */
  readonly enter: readonly string[];
  end(): Promise<void>;
}

export async function makeMountNamespace(): Promise<MountNamespace> {
  const holder: ChildProcessWithoutNullStreams = spawn('unshare', ['--mount', 'sh', '-c', HOLD]);
  const ended = once(holder, 'exit');
  const [said] = (await Promise.race([once(holder.stdout, 'data'), ended])) as unknown[];
  if (String(said).trim() !== 'ready') throw new Error('unshare --mount failed: podman needs root');
  return {
    // unshare and sh become cat, so it is the process that was started.
    enter: ['nsenter', '--mount', '--target', String(holder.pid), '--'],
    end: async () => {
      holder.stdin.end();
      await ended;
    },
  };
}
