import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { closeSync, openSync, readFileSync } from 'node:fs';
import { connect } from 'node:net';
import { join } from 'node:path';
import type { LabDirectory } from './lab-directory.ts';
import { findProgram } from './lab-environment.ts';
import { labUser } from './lab-user.ts';
import { waitFor } from '#support/wait-for.ts';

/** `mock`: the one libvirt's test driver imitates, shared between the clients of the daemon. */
export type Hypervisor = 'qemu' | 'mock';

/**
 * A daemon on a computer of its own, as libvirt sees it. libvirt refuses a migration between two daemons whose host has the same
 * name or UUID. A namespace gives it another name, which takes no privilege.
 */
export interface LabHost {
  readonly name: string;
  readonly uuid: string;
}

export interface LibvirtDaemon {
  /** The path of its socket. */
  readonly socket: string;
  /** Its process id while it runs. */
  pid(): number;
  start(): Promise<void>;
  /** Domains stay. */
  stop(signal?: NodeJS.Signals): Promise<void>;
}

export function prepareDaemon(
  directory: LabDirectory,
  environment: Readonly<Record<string, string>>,
  hypervisor: Hypervisor,
  host?: LabHost,
): LibvirtDaemon {
  const { program, socketName } = findDaemon(hypervisor);
  const socket = join(directory.path, 'run/libvirt', socketName);
  const logFile = directory.write('daemon.log', '');
  // By default a further daemon, virtlogd, keeps the serial logs. It would outlive the lab by two minutes.
  directory.write('config/libvirt/qemu.conf', 'stdio_handler = "file"\n');
  const subreaper = directory.write('subreaper.pl', readFileSync(join(import.meta.dirname, 'subreaper.pl')));
  const perl = findProgram('perl');
  const reaped = perl === undefined ? [program] : [perl, subreaper, program];
  if (host !== undefined) directory.write('config/libvirt/libvirtd.conf', `host_uuid = "${host.uuid}"\n`);
  const [command = program, ...args] = host === undefined ? reaped : [...namedHost(host.name), ...reaped];

  let child: ChildProcess | undefined;
  const daemon: LibvirtDaemon = {
    socket,
    pid: () => Number(readFileSync(join(directory.path, 'run/libvirt/qemu/run/driver.pid'), 'utf8')),
    start: async () => {
      const log = openSync(logFile, 'a');
      child = spawn(command, args, {
        ...labUser,
        env: environment,
        cwd: directory.path,
        stdio: ['ignore', log, log],
        detached: true,
      });
      closeSync(log);
      directory.keep(child.pid);
      await waitFor(`${program} to answer`, () => accepts(socket)).catch((error: unknown) => {
        throw new Error(`${String(error)}\n${readFileSync(logFile, 'utf8')}`);
      });
    },
    stop: async (signal = 'SIGTERM') => {
      if (child?.exitCode !== null || child.signalCode !== null) return;
      const ended = once(child, 'exit');
      process.kill(daemon.pid(), signal);
      await ended;
    },
  };
  return daemon;
}

/** The arguments of another command follow. */
function namedHost(name: string): string[] {
  const namespace = ['unshare', '--map-current-user', '--keep-caps', '--uts'];
  return [...namespace, 'sh', '-c', 'hostname "$0" && exec "$@"', name];
}

function findDaemon(hypervisor: Hypervisor): { readonly program: string; readonly socketName: string } {
  const monolithic = findProgram('libvirtd');
  if (monolithic !== undefined) return { program: monolithic, socketName: 'libvirt-sock' };
  const modular = findProgram('virtqemud');
  if (modular !== undefined && hypervisor === 'qemu')
    return { program: modular, socketName: 'virtqemud-sock' };
  throw new Error(
    'no libvirt daemon found: install libvirt-daemon (as root, node tests/lab/prepare.mjs does)',
  );
}

function accepts(socketPath: string): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = connect(socketPath);
    socket.once('connect', () => {
      socket.destroy();
      resolve(true);
    });
    socket.once('error', () => {
      resolve(false);
    });
  });
}
