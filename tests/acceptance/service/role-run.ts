/** Runs the Ansible role against the lab over ssh, as a controller does. */
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { inCheckout } from '../../../config/package/checkout.ts';
import { runCommand } from '#lab/run-command.ts';
import type { SystemdLab } from '#lab/systemd/systemd-lab.ts';

/** On an idle machine a run takes half a minute, with many others at work more than five. */
const TIMEOUT_MS = 1_200_000;

export interface RoleRun {
  readonly changed: number;
  readonly failed: number;
  /** What ansible-playbook printed. */
  readonly text: string;
  /** The names of the tasks and handlers that changed something. */
  readonly changes: readonly string[];
}

export type RoleVariables = Readonly<Record<string, unknown>>;

export class Controller {
  readonly #directory = mkdtempSync(join(tmpdir(), 'vbmc-ansible-'));

  static async of(lab: SystemdLab): Promise<Controller> {
    const controller = new Controller();
    controller.#write('ssh_config', await lab.sshConfig());
    controller.#write('inventory', '[hypervisors]\nlab ansible_python_interpreter=/usr/bin/python3\n');
    return controller;
  }

  /** Plays the example's site.yml; a failure is a result. */
  async play(variables: RoleVariables, ...options: readonly string[]): Promise<RoleRun> {
    // Ansible reads YAML, and JSON is YAML.
    this.#write('variables.yml', JSON.stringify(variables));
    const args = ['-i', this.#at('inventory'), '-e', `@${this.#at('variables.yml')}`, ...options];
    const { stdout, stderr } = await runCommand(
      'ansible-playbook',
      [...args, inCheckout('config/ansible/site.yml')],
      {
        env: {
          PATH: process.env['PATH'] ?? '',
          HOME: this.#directory,
          LANG: 'C.UTF-8',
          ANSIBLE_NOCOLOR: '1',
          ANSIBLE_PIPELINING: '1',
          // The default of 10 s is too short on a busy machine.
          ANSIBLE_TIMEOUT: '60',
          // One connection for all tasks. It ends with the container at the latest.
          ANSIBLE_SSH_ARGS: `-F ${this.#at('ssh_config')} -o ControlMaster=auto -o ControlPersist=30s -o ControlPath=${this.#at('ssh-%C')}`,
        },
        timeoutMs: TIMEOUT_MS,
      },
    );
    const text = `${stdout}${stderr}`;
    const [, changed, unreachable, failed] =
      /changed=([0-9]+) +unreachable=([0-9]+) +failed=([0-9]+)/.exec(text) ?? [];
    if (changed === undefined || unreachable !== '0') throw new Error(text.slice(-2000));
    return { changed: Number(changed), failed: Number(failed), text, changes: changesIn(text) };
  }

  /** As `play`, and throws when a task fails. */
  async converge(variables: RoleVariables, ...options: readonly string[]): Promise<RoleRun> {
    const run = await this.play(variables, ...options);
    if (run.failed > 0) throw new Error(run.text.slice(run.text.indexOf('fatal:')));
    return run;
  }

  end(): void {
    rmSync(this.#directory, { recursive: true, force: true });
  }

  #at(name: string): string {
    return join(this.#directory, name);
  }

  #write(name: string, text: string): void {
    writeFileSync(this.#at(name), text, { mode: 0o600 });
  }
}

function changesIn(text: string): readonly string[] {
  const changes: string[] = [];
  let task = '';
  for (const line of text.split('\n')) {
    task = /^(?:TASK|RUNNING HANDLER) \[(?:vbmc : )?(.*)\]/.exec(line)?.[1] ?? task;
    if (line.startsWith('changed:')) changes.push(task);
  }
  return changes;
}
