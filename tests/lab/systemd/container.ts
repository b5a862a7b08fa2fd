/**
 * Boots a Debian tree by systemd-nspawn, with systemd as process 1, on any Linux, whatever this machine's process 1
 * is. There is no orderly power-off: the tree is thrown away, and the end of the control group ends the container.
 *
 * The container has the control group versions that this machine has. On a hybrid machine MemoryMax=, TasksMax=,
 * CPUQuota= and DevicePolicy= are enforced. IPAddressDeny= needs version 2 alone, and so does Debian 13 (systemd 257):
 * SYSTEMD_NSPAWN_UNIFIED_HIERARCHY=1 would choose it.
 */
import type { ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { closeSync, openSync, readFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import { runCommand, type CommandResult } from '../run-command.ts';
import { waitFor } from '#support/wait-for.ts';
import type { ControlGroup } from './control-group.ts';

const nspawnOptions = [
  '--hostname=lab',
  // This machine's process 1 need not be systemd: neither a unit nor machined is asked for.
  '--register=no',
  '--keep-unit',
  '--quiet',
  '--console=pipe',
  // Loopback only.
  '--private-network',
  '--resolv-conf=off',
  '--timezone=off',
  '--link-journal=no',
  // systemd in the container enforces DevicePolicy= by BPF where control groups are version 2.
  '--system-call-filter=bpf',
];
/** nspawn's exit code when the container asks for a reboot. With --keep-unit the caller has to start it again. */
const REBOOT = 133;
/** Measured: 1 to 2 s each on an idle machine. */
const BOOT_TIMEOUT_MS = 180_000;
const REBOOT_TIMEOUT_MS = 180_000;

/** The environment of what runs in the container. */
const insideEnvironment = {
  PATH: '/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin',
  HOME: '/root',
  LANG: 'C.UTF-8',
  TERM: 'dumb',
  SYSTEMD_PAGER: 'cat',
};

export interface EnterOptions {
  /** `machine`: this machine's network instead of the container's loopback. */
  readonly network?: 'container' | 'machine';
  readonly timeoutMs?: number;
  readonly environment?: Readonly<Record<string, string>>;
}

export class Container {
  readonly #group: ControlGroup;
  readonly #tree: string;
  readonly #log: string;
  #nspawn: ChildProcess | undefined;
  #ended: Promise<void> = Promise.resolve();

  constructor(group: ControlGroup, tree: string) {
    this.#group = group;
    this.#tree = tree;
    this.#log = join(group.directory, 'console.log');
  }

  async boot(): Promise<void> {
    this.#ended = this.#runUntilPoweredOff();
    await this.#waitUntilUp();
  }

  async reboot(): Promise<void> {
    const before = this.#leader();
    await this.enter(['systemctl', 'reboot', '--no-block']);
    await waitFor(
      'the container to boot again',
      () => {
        const now = this.#leader();
        return now !== undefined && now !== before;
      },
      { timeoutMs: REBOOT_TIMEOUT_MS },
    );
    await this.#waitUntilUp();
  }

  /** Runs a program in the container's namespaces. A failure is a result. */
  async enter(argv: readonly string[], options: EnterOptions = {}): Promise<CommandResult> {
    const { timeoutMs, environment = {} } = options;
    const [command, ...args] = this.enterLine(argv, options);
    const env = { ...insideEnvironment, ...environment };
    return runCommand(command, args, { env, ...(timeoutMs !== undefined && { timeoutMs }) });
  }

  /** The command line of `enter`, for other programs to run; valid until the next reboot. */
  enterLine(argv: readonly string[], { network = 'container' }: EnterOptions = {}): [string, ...string[]] {
    const leader = this.#leader();
    if (leader === undefined) throw new Error('the container is not running');
    const namespaces = ['-m', '-u', '-i', '-p', '-C', ...(network === 'container' ? ['-n'] : [])];
    return ['nsenter', '-t', String(leader), ...namespaces, '--', ...argv];
  }

  async #runUntilPoweredOff(): Promise<void> {
    for (;;) {
      const log = openSync(this.#log, 'a');
      const nspawn = this.#group.spawn(
        'systemd-nspawn',
        [
          `--directory=${this.#tree}`,
          `--machine=${machineName(this.#group)}`,
          ...nspawnOptions,
          '/usr/sbin/container-init',
        ],
        log,
      );
      closeSync(log);
      this.#nspawn = nspawn;
      const [exitCode] = (await once(nspawn, 'exit')) as [number | null];
      this.#nspawn = undefined;
      if (exitCode !== REBOOT) return;
    }
  }

  async #waitUntilUp(): Promise<void> {
    const isUp = async (): Promise<boolean> => {
      const { stdout } = await this.enter(['systemctl', 'is-system-running']);
      const state = stdout.trim();
      if (state !== 'running' && state !== 'degraded') throw new Error(state);
      return true;
    };
    const ended = this.#ended.then(() => Promise.reject(new Error('systemd-nspawn ended')));
    try {
      await Promise.race([
        ended,
        waitFor('systemd to be up', isUp, { timeoutMs: BOOT_TIMEOUT_MS, intervalMs: 100 }),
      ]);
    } catch (error) {
      throw new Error(`the container did not boot: ${String(error)}\n${readFileSync(this.#log, 'utf8')}`);
    }
  }

  /** The container's process 1, by its id on this machine: the child of nspawn that is 1 in its own namespace. */
  #leader(): number | undefined {
    const pid = this.#nspawn?.pid;
    if (pid === undefined) return undefined;
    const children = read(`/proc/${pid}/task/${pid}/children`).trim().split(' ').map(Number);
    return children.find((child) => /^NSpid:.*\t1$/m.test(read(`/proc/${child}/status`)));
  }
}

function machineName(group: ControlGroup): string {
  return basename(group.directory).replace(/^vbmc-/, 'lab-');
}

function read(file: string): string {
  try {
    return readFileSync(file, 'utf8');
  } catch {
    return '';
  }
}
