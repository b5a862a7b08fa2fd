import { execFileSync } from 'node:child_process';

/**
 * Who runs the lab's libvirt and all that talks to it. As root `qemu:///session` would be the system's
 * daemon, and a /dev/kvm that does not fully work makes every `virsh define` take 40 s: root drops to
 * "nobody", who has no access to it. Anybody else stays who they are.
 */
export interface LabUser {
  readonly uid?: number;
  readonly gid?: number;
}

const nobody = { uid: 65534, gid: 65534 };

export const labUser: LabUser = process.getuid?.() === 0 ? nobody : {};

/** The node binary may lie in a directory that only root can enter. */
export function assertNodeRunsAsLabUser(): void {
  try {
    execFileSync(process.execPath, ['--version'], { ...labUser, cwd: '/', stdio: 'ignore' });
  } catch {
    throw new Error(
      `${process.execPath} cannot be run by user id ${labUser.uid ?? 'of yours'}, which root switches to for a ` +
        `private libvirt session: install node where everybody may execute it, or do not run this as root`,
    );
  }
}
