/** Runs Ansible against the lab over ssh, and keeps what became of each task. */
import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { runCommand } from '#lab/run-command.ts';
import type { SystemdLab } from '#lab/systemd/systemd-lab.ts';
import type { Checkout } from './checkout.ts';

const TIMEOUT_MS = 600_000;

export interface Play {
  /** What the checkout has to hold, below its root: the role, and what it includes. */
  readonly files: readonly string[];
  /** Directories with roles, filters and modules, below the root of the checkout. */
  readonly roles?: string;
  readonly filters?: string;
  /** The tasks of the play, which include the files under test. */
  readonly tasks: readonly object[];
  readonly variables?: Readonly<Record<string, unknown>>;
  /** The name of the task to begin with. */
  readonly startAt?: string;
  /** Further lines of the inventory. */
  readonly inventory?: string;
}

/** What became of a task of the checkout. */
export interface TaskResult {
  readonly file: string;
  readonly line: number;
  readonly task: string;
  readonly outcome: 'ok' | 'failed' | 'ignored';
  readonly text: string;
}

/** The host of the play is `hypervisor`. */
export async function play(
  lab: SystemdLab,
  factsDirectory: string,
  checkout: Checkout,
  { files, tasks, variables = {}, ...play }: Play,
): Promise<readonly TaskResult[]> {
  const directory = mkdtempSync(join(tmpdir(), 'roles-play-'));
  const at = (name: string): string => join(directory, name);
  try {
    mkdirSync(at('checkout'));
    await checkout.archive(files, at('checkout.tar'));
    await succeed('tar', '-C', at('checkout'), '-xf', at('checkout.tar'));
    writeFileSync(at('ssh_config'), await lab.sshConfig(), { mode: 0o600 });
    const python = 'ansible_python_interpreter=/usr/bin/python3';
    const hosts = `[machines]\nhypervisor ansible_host=lab ${python}\n`;
    writeFileSync(
      at('inventory'),
      `${hosts}localhost ansible_connection=local ${python}\n${play.inventory ?? ''}`,
    );
    // Ansible reads YAML, and JSON is YAML.
    writeFileSync(at('play.yml'), JSON.stringify([{ hosts: 'hypervisor', vars: variables, tasks }]));
    const start = play.startAt === undefined ? [] : ['--start-at-task', play.startAt];
    const said = await runCommand('ansible-playbook', ['-i', at('inventory'), ...start, at('play.yml')], {
      cwd: directory,
      env: {
        PATH: process.env['PATH'] ?? '',
        HOME: directory,
        LANG: 'C.UTF-8',
        ANSIBLE_NOCOLOR: '1',
        ANSIBLE_PIPELINING: '1',
        // The facts of the host are gathered once for all plays.
        ANSIBLE_GATHERING: 'smart',
        ANSIBLE_CACHE_PLUGIN: 'jsonfile',
        ANSIBLE_CACHE_PLUGIN_CONNECTION: factsDirectory,
        // The default of 10 s is too short on a busy machine.
        ANSIBLE_TIMEOUT: '60',
        ANSIBLE_SSH_ARGS: `-F ${at('ssh_config')} -o ControlMaster=auto -o ControlPersist=30s -o ControlPath=${at('ssh-%C')}`,
        ANSIBLE_ROLES_PATH: join(at('checkout'), play.roles ?? 'roles'),
        ANSIBLE_FILTER_PLUGINS: join(at('checkout'), play.filters ?? 'filter_plugins'),
        ANSIBLE_CALLBACK_PLUGINS: import.meta.dirname,
        VBMC_TASK_RESULTS: at('results'),
      },
      timeoutMs: TIMEOUT_MS,
    });
    const results = existsSync(at('results')) ? readFileSync(at('results'), 'utf8').trim().split('\n') : [];
    if (results.length === 0) throw new Error(`no task has run: ${said.stderr} ${said.stdout}`);
    const root = `${at('checkout')}/`;
    return results
      .map((line) => JSON.parse(line) as TaskResult)
      .filter(({ file, outcome, text }) => {
        if (!file.startsWith(root) && outcome === 'failed') throw new Error(text);
        return file.startsWith(root);
      })
      .map((result) => ({ ...result, file: result.file.slice(root.length) }));
  } finally {
    rmSync(directory, { recursive: true, force: true });
  }
}

async function succeed(command: string, ...args: readonly string[]): Promise<void> {
  const { exitCode, stderr } = await runCommand(command, args, { env: { PATH: process.env['PATH'] ?? '' } });
  if (exitCode !== 0) throw new Error(`${command} ${args.join(' ')}: ${stderr.trim()}`);
}
