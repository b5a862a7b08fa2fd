import { spawn, type ChildProcessWithoutNullStreams } from 'node:child_process';
import { once } from 'node:events';
import { createLabDirectory, type LabDirectory } from './lab-directory.ts';
import { findProgram, makeLabEnvironment } from './lab-environment.ts';
import { assertNodeRunsAsLabUser, labUser, type LabUser } from './lab-user.ts';
import { prepareDaemon, type Hypervisor, type LabHost, type LibvirtDaemon } from './libvirt-daemon.ts';
import { runCommand, type CommandOptions, type CommandResult } from './run-command.ts';

/** A session daemon of our own, out of reach of the machine's libvirt and of other labs. */
export interface PrivateLibvirt {
  readonly directory: LabDirectory;
  readonly hypervisor: Hypervisor;
  readonly connectionUri: string;
  /** To take the daemon away and bring it back. Meanwhile clients fail; they do not start another. */
  readonly daemon: LibvirtDaemon;
  /** What a process needs to find this libvirt: the whole environment, to be used as it is. */
  readonly environment: Readonly<Record<string, string>>;
  /** `{ uid, gid }` to start processes with, or `{}`. */
  readonly user: LabUser;
  /** Runs a program to its end, as the lab user, in the lab's environment. */
  run(command: string, args: readonly string[], options?: CommandOptions): Promise<CommandResult>;
  /**
   * Starts a program likewise, in a session of its own; it ends at the latest with the lab. `environment`
   * comes on top of the lab's. `user`: somebody else's program, `{}` for this process's.
   */
  spawn(
    command: string,
    args: readonly string[],
    environment?: Readonly<Record<string, string>>,
    user?: LabUser,
  ): ChildProcessWithoutNullStreams;
  /** Standard output; rejects with virsh's message when it fails. */
  virsh(...args: string[]): Promise<string>;
  defineDomain(xml: string): Promise<void>;
  /** Ends domains, daemon and all other processes of the lab, and removes its directory. */
  stop(): Promise<void>;
}

const connectionUris = { qemu: 'qemu:///session', mock: 'test+unix:///default' } as const;

/** QEMU where it is installed. */
export function availableHypervisor(): Hypervisor {
  return findProgram('qemu-system-x86_64') === undefined ? 'mock' : 'qemu';
}

export async function startPrivateLibvirt(
  options: { readonly hypervisor?: Hypervisor; readonly host?: LabHost } = {},
): Promise<PrivateLibvirt> {
  assertNodeRunsAsLabUser();
  const directory = await createLabDirectory();
  try {
    const libvirt = prepare(directory, options.hypervisor ?? availableHypervisor(), options.host);
    await libvirt.daemon.start();
    // The mock hypervisor forgets its domains when its last client leaves.
    if (libvirt.hypervisor === 'mock') {
      const client = libvirt.spawn('virsh', ['-c', libvirt.connectionUri, 'hostname; event --loop --all']);
      // The answer says that it is connected.
      await once(client.stdout, 'data');
    }
    return libvirt;
  } catch (error) {
    await directory.remove();
    throw error;
  }
}

function prepare(directory: LabDirectory, hypervisor: Hypervisor, host?: LabHost): PrivateLibvirt {
  const environment = makeLabEnvironment(directory);
  const connectionUri = connectionUris[hypervisor];
  const place = { env: environment, cwd: directory.path };
  const processOptions = { ...labUser, ...place };
  const libvirt: PrivateLibvirt = {
    directory,
    hypervisor,
    connectionUri,
    environment,
    user: labUser,
    daemon: prepareDaemon(directory, environment, hypervisor, host),
    run: (command, args, options) => runCommand(command, args, { ...processOptions, ...options }),
    spawn: (command, args, extra, user = labUser) => {
      const env = { ...environment, ...extra };
      const child = spawn(command, args, { ...user, ...place, env, detached: true });
      directory.keep(child.pid);
      return child;
    },
    virsh: async (...args) => {
      const { exitCode, stdout, stderr } = await libvirt.run('virsh', ['-c', connectionUri, ...args]);
      if (exitCode !== 0) throw new Error(`virsh ${args.join(' ')}: ${stderr.trim()}`);
      return stdout;
    },
    defineDomain: async (xml) => {
      await libvirt.virsh('define', directory.write('domain.xml', xml));
    },
    stop: () => directory.remove(),
  };
  return libvirt;
}
