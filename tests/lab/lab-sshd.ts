/**
 * A real sshd that lets in the lab user alone, on a port of 127.0.0.1, with keys of its own. The lab user of root is nobody, who has
 * neither a shell nor a home: sshd gets tables of users of its own, in a mount namespace.
 */
import type { ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { userInfo } from 'node:os';
import { join } from 'node:path';
import { installPrograms } from './debian-packages.ts';
import { findProgram } from './lab-environment.ts';
import type { PrivateLibvirt } from './private-libvirt.ts';
import { freeTcpPort } from './free-ports.ts';
import { childrenOf } from '#support/processes.ts';
import { waitFor } from '#support/wait-for.ts';

export interface LabSshd {
  readonly port: number;
  /** The connection URI that reaches the lab's libvirt by ssh, here or by a link to `port`. */
  connectionUri(port?: number): string;
  /** What sshd has logged. */
  log(): string;
  /** How many logins have succeeded. */
  logins(): number;
  /** Ends sshd and every connection of it. */
  kill(): Promise<void>;
  start(): Promise<void>;
}

export interface LabSshdOptions {
  /** More lines of sshd_config. */
  readonly settings?: readonly string[];
  /** Its folder in the lab; default `sshd`. */
  readonly folder?: string;
}

export async function startLabSshd(libvirt: PrivateLibvirt, options: LabSshdOptions = {}): Promise<LabSshd> {
  await installPrograms(
    { sshd: 'openssh-server', ssh: 'openssh-client', nc: 'netcat-openbsd' },
    { print: (line) => process.stderr.write(`${line}\n`) },
  );
  const { directory } = libvirt;
  const { folder: name = 'sshd' } = options;
  const folder = directory.makeDirectory(name);
  const path = (file: string): string => join(folder, file);
  for (const file of ['host_key', 'key'])
    await must(libvirt, 'ssh-keygen', ['-q', '-t', 'ed25519', '-N', '', '-f', path(file)]);
  const port = await freeTcpPort();
  const asRoot = process.getuid?.() === 0;
  const user = asRoot ? 'nobody' : userInfo().username;
  directory.write(`${name}/authorized`, readFileSync(path('key.pub')), 0o600);
  directory.write(
    `${name}/passwd`,
    `nobody:x:65534:65534:nobody:${libvirt.environment['HOME'] ?? '/'}:/bin/sh\n`,
  );
  directory.write(`${name}/shadow`, 'nobody:NP:1::::::\n');
  const config = directory.write(
    `${name}/sshd_config`,
    [
      `ListenAddress 127.0.0.1:${port}`,
      `HostKey ${path('host_key')}`,
      `AuthorizedKeysFile ${path('authorized')}`,
      ...['PidFile none', 'UsePAM no', 'StrictModes no', 'LogLevel VERBOSE', ''],
      ...(options.settings ?? []),
      '',
    ].join('\n'),
  );
  const sshd = [findProgram('sshd') ?? 'sshd', '-D', '-e', '-f', config];
  const tables = `mount --bind ${path('passwd')} /etc/passwd && mount --bind ${path('shadow')} /etc/shadow`;
  const nobody = ['setpriv', '--reuid=65534', '--regid=65534', '--clear-groups'];
  const [command = 'sshd', ...args] = asRoot
    ? ['unshare', '--mount', 'sh', '-c', `${tables} && exec "$@"`, 'sh', ...nobody, ...sshd]
    : sshd;
  let logged = '';
  let child: ChildProcess | undefined;
  const start = async (): Promise<void> => {
    const before = logged.length;
    const started = libvirt.spawn(command, args, {}, {});
    child = started;
    started.stderr.on('data', (piece: Buffer) => {
      logged += piece.toString();
    });
    await waitFor('sshd to listen', () => logged.slice(before).includes('Server listening'));
  };
  await start();
  return {
    port,
    connectionUri: (to = port) => {
      const scheme = libvirt.hypervisor === 'mock' ? 'test' : 'qemu';
      const place = libvirt.hypervisor === 'mock' ? '/default' : '/session';
      const query = `keyfile=${path('key')}&no_verify=1&socket=${libvirt.daemon.socket}`;
      return `${scheme}+ssh://${user}@127.0.0.1:${to}${place}?${query}`;
    },
    log: () => logged,
    logins: () => logged.split('Accepted publickey').length - 1,
    kill: async () => {
      if (child?.pid === undefined || child.exitCode !== null || child.signalCode !== null) return;
      const ended = once(child, 'exit');
      // Each connection has processes of its own, which go on without it.
      for (const pid of [child.pid, ...descendantsOf(child.pid)]) process.kill(pid, 'SIGKILL');
      await ended;
    },
    start,
  };
}

function descendantsOf(pid: number): number[] {
  return childrenOf(pid).flatMap((child) => [child.pid, ...descendantsOf(child.pid)]);
}

async function must(libvirt: PrivateLibvirt, command: string, args: readonly string[]): Promise<void> {
  const { exitCode, stderr } = await libvirt.run(command, args);
  if (exitCode !== 0) throw new Error(`${command}: ${stderr}`);
}
