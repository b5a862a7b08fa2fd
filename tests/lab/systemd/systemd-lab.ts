/** A real systemd, libvirt and polkit: a throw-away Debian 12 in a container that has loopback only. */
import {
  chmodSync,
  copyFileSync,
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import { installPrograms } from '../debian-packages.ts';
import { interruption } from '../interruption.ts';
import { runCommand, type CommandResult } from '../run-command.ts';
import { Container } from './container.ts';
import { createControlGroup, type ControlGroup } from './control-group.ts';
import { ignoreDates, provideTree } from './debian-tree.ts';

/** What this machine needs in order to build and boot a container. */
const neededPrograms = {
  mmdebstrap: 'mmdebstrap',
  'systemd-nspawn': 'systemd-container',
  nsenter: 'util-linux',
  'ssh-keygen': 'openssh-client',
};
const TIMEOUT_MS = 300_000;

export interface SystemdLabOptions {
  readonly print: (line: string) => void;
  /** Keeps the tree in this directory for the next time. */
  readonly keptTree?: string | undefined;
}

export class SystemdLab {
  readonly #group: ControlGroup;
  readonly #tree: string;
  readonly #container: Container;

  private constructor(group: ControlGroup) {
    this.#group = group;
    this.#tree = join(group.directory, 'tree');
    this.#container = new Container(group, this.#tree);
  }

  /** Boots a Debian on which nothing of ours has ever been. */
  static async start({ print, keptTree }: SystemdLabOptions): Promise<SystemdLab> {
    if (process.getuid?.() !== 0) {
      throw new Error('the systemd lab boots a container, and only root can: run this command with sudo');
    }
    await installPrograms(neededPrograms, { print });
    const lab = new SystemdLab(await createControlGroup());
    try {
      await provideTree(lab.#group, lab.#tree, keptTree, print);
      print('booting it …');
      await lab.#container.boot();
      return lab;
    } catch (error) {
      await lab.#group.remove();
      throw error;
    }
  }

  /** Ends everything in the lab, and removes it. */
  async stop(): Promise<void> {
    await this.#group.remove();
  }

  /** Runs a program as root and in a transient unit; a failure is a result. */
  async exec(...argv: readonly string[]): Promise<CommandResult> {
    const unit = ['systemd-run', '--quiet', '--collect', '--wait', '--pipe', '--service-type=exec'];
    const settings = ['WorkingDirectory=/root', 'Environment=HOME=/root LANG=C.UTF-8 SYSTEMD_PAGER=cat'];
    const properties = settings.map((setting) => `--property=${setting}`);
    return this.#container.enter([...unit, ...properties, '--', ...argv], { timeoutMs: TIMEOUT_MS });
  }

  /** Runs a program in the lab's namespaces, but outside of its control groups: load that is not of the lab's machine. */
  async outside(argv: readonly string[]): Promise<CommandResult> {
    return this.#container.enter(argv, { timeoutMs: TIMEOUT_MS });
  }

  /** What a shell line prints; throws with its own words when it fails. */
  async sh(line: string): Promise<string> {
    const { exitCode, stdout, stderr } = await this.exec('sh', '-c', line);
    if (exitCode === 0) return stdout.trim();
    throw new Error(`${line}: ended with ${exitCode ?? 'a signal'}: ${stderr.trim()} ${stdout.trim()}`);
  }

  /** Whether a shell line succeeds. */
  async succeeds(line: string): Promise<boolean> {
    return (await this.exec('sh', '-c', line)).exitCode === 0;
  }

  /** Copies a file of this machine. Not to /tmp or /run: those are file systems of the container's own. */
  copyIn(file: string, path: string): void {
    copyFileSync(file, join(this.#tree, path));
    chmodSync(join(this.#tree, path), 0o644);
  }

  /** Writes a file; one that exists keeps its owner and mode. */
  async write(path: string, text: string): Promise<void> {
    await this.exec('sh', '-c', 'printf %s "$1" > "$2"', 'sh', text, path);
  }

  /** apt-get in the container, but on this machine's network. */
  async apt(...args: readonly string[]): Promise<void> {
    copyFileSync('/etc/resolv.conf', join(this.#tree, 'etc/resolv.conf'));
    const options = [...ignoreDates, 'APT::Install-Recommends "false"'].flatMap((option) => [
      '-o',
      option.replaceAll('"', '').replace(' ', '='),
    ]);
    const lists = readdirSync(join(this.#tree, 'var/lib/apt/lists'));
    const hasLists = lists.some((name) => name.endsWith('InRelease'));
    for (const command of hasLists ? [args] : [['update'], args]) {
      const { exitCode, stderr } = await this.#container.enter(['apt-get', '-q', ...options, ...command], {
        network: 'machine',
        environment: { DEBIAN_FRONTEND: 'noninteractive' },
        timeoutMs: TIMEOUT_MS,
      });
      if (exitCode !== 0) throw new Error(`apt-get ${command.join(' ')} in the lab: ${stderr.trim()}`);
    }
  }

  /** As a machine reboots: units stop, process 1 starts again. */
  async reboot(): Promise<void> {
    await this.#container.reboot();
  }

  /** Leaves the lab running for a person, who is told how to get a shell in it, until Ctrl-C. */
  async keep(print: (line: string) => void): Promise<void> {
    const shell = this.#container.enterLine(['bash', '-l']).join(' ');
    print(`\nthe lab runs until Ctrl-C; a shell in it:\n  ${shell}`);
    await interruption();
  }

  /**
   * For tools that reach the lab by ssh: the text of an ssh_config with a host `lab`, valid until the next reboot.
   * sshd runs on the two ends of a pipe instead of a connection, as the lab has no network.
   */
  async sshConfig(): Promise<string> {
    const key = join(this.#group.directory, 'ssh_key');
    if (!existsSync(key)) {
      const env = { PATH: process.env['PATH'] ?? '' };
      const { exitCode, stderr } = await runCommand(
        'ssh-keygen',
        ['-q', '-t', 'ed25519', '-N', '', '-C', 'lab', '-f', key],
        { env },
      );
      if (exitCode !== 0) throw new Error(`ssh-keygen: ${stderr.trim()}`);
    }
    mkdirSync(join(this.#tree, 'root/.ssh'), { recursive: true, mode: 0o700 });
    const authorized = join(this.#tree, 'root/.ssh/authorized_keys');
    // A lab may have let in others before.
    const [own, others] = [`${key}.pub`, authorized].map((path) =>
      existsSync(path) ? readFileSync(path, 'utf8') : '',
    ) as [string, string];
    if (!others.includes(own)) writeFileSync(authorized, others + own, { mode: 0o600 });
    return `Host lab
  User root
  IdentityFile ${key}
  IdentitiesOnly yes
  ProxyCommand ${this.#container.enterLine(['/usr/sbin/sshd', '-i']).join(' ')}
  StrictHostKeyChecking no
  UserKnownHostsFile /dev/null
  LogLevel ERROR
`;
  }
}
