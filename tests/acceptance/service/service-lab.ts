/** A real systemd in a container of its own: the lab's script builds it, boots it and takes it away. */
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { runCommand, type CommandResult } from '#lab/run-command.ts';

/** Beside the checkout, where the project's shared things lie. */
const LAB_SCRIPT = join(import.meta.dirname, '../../../../shared/labs/systemd-lab.sh');

export const EXPLAIN_MISSING_LAB = `There is no ${LAB_SCRIPT}.
It boots a throw-away Debian 12 with a real systemd as PID 1 in systemd-nspawn, needs root and no network at run
time, and is kept outside of this repository: get the directory "shared" of the project and put it beside the
checkout, so that ../shared/labs/systemd-lab.sh is there, and run npm run test:service again, as root.
Any Debian 12 with systemd of your own will do as well: install dist/vbmc_VERSION_amd64.deb there, and
docs/install.md says what to expect.
`;

export function hasLab(): boolean {
  return existsSync(LAB_SCRIPT);
}

/** Where the lab lives, unless LAB_DIR says otherwise. */
const OWN_DIRECTORY = '/tmp/vbmc-service-lab';
/** Beside what the lab always has: systemd, libvirt with QEMU, polkit, ipmitool. */
const PACKAGES = 'freeipmi-tools,bash-completion,man-db,nftables,ufw';
const BUILD_TIMEOUT_MS = 1_200_000;
const TIMEOUT_MS = 300_000;

export class ServiceLab {
  readonly #environment: Record<string, string>;
  readonly #isOwn: boolean;

  private constructor() {
    const directory = process.env['LAB_DIR'];
    this.#isOwn = directory === undefined;
    this.#environment = {
      PATH: process.env['PATH'] ?? '',
      LAB_DIR: directory ?? OWN_DIRECTORY,
      // The package brings its own.
      LAB_NODE: 'none',
      LAB_PACKAGES: PACKAGES,
    };
  }

  /** Boots a Debian on which nothing of ours has ever been. */
  static async start(): Promise<ServiceLab> {
    const lab = new ServiceLab();
    await lab.#script(['up', '--fresh'], BUILD_TIMEOUT_MS);
    return lab;
  }

  /** Takes it away; one in a LAB_DIR of the caller's keeps its tree, for the next time. */
  async stop(): Promise<void> {
    await this.#script([this.#isOwn ? 'destroy' : 'reset']);
  }

  /** Runs a program as root and a unit of its own; a failure is a result. */
  async exec(...argv: readonly string[]): Promise<CommandResult> {
    return runCommand(LAB_SCRIPT, ['exec', ...argv], { env: this.#environment, timeoutMs: TIMEOUT_MS });
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

  /** Copies files of this machine into a directory of the lab. */
  async push(files: readonly string[], directory: string): Promise<void> {
    await this.#script(['push', ...files, directory]);
  }

  /** Writes a file in the lab, with the owner and mode that it had. */
  async write(path: string, text: string): Promise<void> {
    await this.exec('sh', '-c', 'printf %s "$1" > "$2"', 'sh', text, path);
  }

  /** apt-get in the lab, on this machine's network. */
  async apt(...args: readonly string[]): Promise<void> {
    await this.#script(['apt', ...args]);
  }

  /** As a machine reboots: units stop, PID 1 starts anew. */
  async reboot(): Promise<void> {
    await this.#script(['reboot']);
  }

  /** For tools that reach the lab by ssh: the text of an ssh_config with a host `lab`. */
  async sshConfig(): Promise<string> {
    return this.#script(['ssh-config']);
  }

  async #script(args: readonly string[], timeoutMs = TIMEOUT_MS): Promise<string> {
    const { exitCode, stdout, stderr } = await runCommand(LAB_SCRIPT, args, {
      env: this.#environment,
      timeoutMs,
    });
    if (exitCode === 0) return stdout;
    throw new Error(
      `systemd-lab.sh ${args.join(' ')}: ended with ${exitCode ?? 'a signal'}: ${stderr.trim()}`,
    );
  }
}
