import { once } from 'node:events';
import { chmodSync, readFileSync, writeFileSync } from 'node:fs';
import { installApp } from '#lab/installed-app.ts';
import type { LabBmc } from '#lab/inventory-text.ts';
import type { PrivateLibvirt } from '#lab/private-libvirt.ts';
import type { CommandResult } from '#lab/run-command.ts';
import type { ListedBmc } from '#lab/vbmcd.ts';
import { waitFor } from '#lab/wait-for.ts';

/** What `vbmc list --json` tells of each BMC. */
export interface OperatedBmc extends ListedBmc {
  readonly reason: string | null;
}

/** A vbmcd whose inventory a test writes and changes, as an operator does. */
export interface OperatorDaemon {
  readonly pid: number;
  readonly inventoryFile: string;
  readonly runDirectory: string;
  log(): string;
  /** Replaces the whole inventory; nothing else happens. */
  writeInventory(text: string): void;
  /** `vbmc ARGS…` */
  vbmc(...args: readonly string[]): Promise<CommandResult>;
  list(): Promise<readonly OperatedBmc[]>;
  /** Waits until every BMC that is named runs; all when none is. */
  running(...names: readonly string[]): Promise<readonly OperatedBmc[]>;
  /** Process ids of the workers that live, by way of /proc and not of vbmcd. */
  workerPids(): readonly number[];
  stop(): Promise<void>;
}

/** `bmcs` each with a section; `furtherKeys` by the BMC's name. */
export function sections(
  connectionUri: string,
  bmcs: readonly LabBmc[],
  furtherKeys: Readonly<Record<string, string>> = {},
): string {
  return bmcs
    .map(
      ({ name, domain, address, port, password }) =>
        `[${name}]\ndomain_name = ${domain}\naddress = ${address}\nport = ${port}\npassword = ${password}\n` +
        `libvirt_uri = ${connectionUri}\n${furtherKeys[name] ?? ''}`,
    )
    .join('\n');
}

/** Starts vbmcd; resolves when its control socket answers, whatever its BMCs do. */
export async function startOperatorDaemon(
  libvirt: PrivateLibvirt,
  name: string,
  inventory: string,
): Promise<OperatorDaemon> {
  const { directory } = libvirt;
  const app = installApp(directory);
  const inventoryFile = directory.write(`${name}/domains.ini`, inventory, 0o600);
  const runDirectory = directory.makeDirectory(`${name}/run`);
  const stateDirectory = directory.makeDirectory(`${name}/state`);
  const child = libvirt.spawn(process.execPath, [
    app.vbmcd,
    ...['--inventory', inventoryFile, '--run-dir', runDirectory, '--state-dir', stateDirectory],
  ]);
  let log = '';
  child.stderr.setEncoding('utf8').on('data', (text: string) => (log += text));
  const ended = once(child, 'close');
  const daemon: OperatorDaemon = {
    pid: child.pid ?? 0,
    inventoryFile,
    runDirectory,
    log: () => log,
    writeInventory: (text) => {
      writeFileSync(inventoryFile, text);
      chmodSync(inventoryFile, 0o600);
    },
    vbmc: (...args) => libvirt.run(process.execPath, [app.vbmc, '--run-dir', runDirectory, ...args]),
    list: async () => {
      const { exitCode, stdout, stderr } = await daemon.vbmc('list', '--json');
      if (exitCode !== 0) throw new Error(`vbmc list: ${stderr}`);
      return JSON.parse(stdout) as readonly OperatedBmc[];
    },
    running: (...names) =>
      waitFor(
        'the BMCs to run',
        async () => {
          const listed = await daemon.list();
          const down = listed.filter(
            (bmc) => bmc.status !== 'running' && (names.length === 0 || names.includes(bmc.name)),
          );
          if (down.length > 0) throw new Error(JSON.stringify(down));
          return listed;
        },
        { timeoutMs: 60_000 },
      ),
    workerPids: () => childrenOf(daemon.pid).filter((pid) => commandLine(pid).includes(app.worker)),
    stop: async () => {
      child.kill('SIGTERM');
      await ended;
    },
  };
  await waitFor('the control socket', async () => (await daemon.vbmc('status')).exitCode === 0).catch(
    (error: unknown) => {
      throw new Error(`${String(error)}\n${log}`);
    },
  );
  return daemon;
}

function commandLine(pid: number): string {
  try {
    return readFileSync(`/proc/${pid}/cmdline`, 'latin1');
  } catch {
    return '';
  }
}

function childrenOf(pid: number): readonly number[] {
  const children = readFileSync(`/proc/${pid}/task/${pid}/children`, 'latin1').trim();
  return children === '' ? [] : children.split(' ').map(Number);
}

/** Of a process, in megabytes. */
export function residentMegabytes(pid: number): number {
  const kilobytes = /^VmRSS:\s+([0-9]+) kB$/m.exec(readFileSync(`/proc/${pid}/status`, 'latin1'))?.[1];
  return Number(kilobytes) / 1024;
}
