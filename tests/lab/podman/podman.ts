/** podman with images and containers of its own, also on a machine without systemd and with a hypervisor's limits on root. */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { installPrograms } from '../debian-packages.ts';
import { runCommand, type CommandResult } from '../run-command.ts';
import { makeMountNamespace, type MountNamespace } from './mount-namespace.ts';

const TIMEOUT_MS = 300_000;

/**
 * For `podman run` where no systemd owns the control groups, and where root may not raise limits (without CAP_SYS_RESOURCE).
 * Neither changes what runs in the container.
 */
export const runOptions = [
  '--cgroups=disabled',
  '--ulimit',
  'nofile=4096:4096',
  '--ulimit',
  'nproc=4096:4096',
];

export class Podman {
  readonly #directory: string;
  readonly #namespace: MountNamespace;

  private constructor(directory: string, namespace: MountNamespace) {
    this.#directory = directory;
    this.#namespace = namespace;
  }

  static async start(print: (line: string) => void): Promise<Podman> {
    await installPrograms({ podman: 'podman', crun: 'crun', conmon: 'conmon', skopeo: 'skopeo' }, { print });
    return new Podman(mkdtempSync(join(tmpdir(), 'vbmc-podman-')), await makeMountNamespace());
  }

  /** A failure is a result. */
  async run(...args: readonly string[]): Promise<CommandResult> {
    const [command = '', ...rest] = [...this.#namespace.enter, 'podman', ...this.#places(), ...args];
    const env = { PATH: process.env['PATH'] ?? '', HOME: this.#directory, LANG: 'C.UTF-8' };
    return runCommand(command, rest, { env, timeoutMs: TIMEOUT_MS });
  }

  /** What it prints on standard output; throws with its own words when it fails. */
  async sh(...args: readonly string[]): Promise<string> {
    const { exitCode, stdout, stderr } = await this.run(...args);
    if (exitCode === 0) return stdout.trim();
    throw new Error(`podman ${args.join(' ')}: ended with ${exitCode ?? 'a signal'}: ${stderr.trim()}`);
  }

  /** Ends the containers, and removes everything. */
  async stop(): Promise<void> {
    await this.run('rm', '--all', '--force', '--time', '0');
    await this.#namespace.end();
    rmSync(this.#directory, { recursive: true, force: true });
  }

  #places(): readonly string[] {
    const at = (name: string): string => join(this.#directory, name);
    return [
      ...['--root', at('root'), '--runroot', at('run'), '--tmpdir', at('tmp')],
      ...['--storage-driver', 'overlay', '--cgroup-manager', 'cgroupfs', '--events-backend', 'file'],
    ];
  }
}
