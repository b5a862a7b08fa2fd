import { randomBytes } from 'node:crypto';
import { once } from 'node:events';
import { join } from 'node:path';
import { childrenOf } from '#support/processes.ts';
import { waitFor } from '#support/wait-for.ts';
import { freeUdpPorts } from './free-ports.ts';
import { installApp, type InstalledApp } from './installed-app.ts';
import { inventoryText, type LabBmc } from './inventory-text.ts';
import type { PrivateLibvirt } from './private-libvirt.ts';
import type { CommandResult } from './run-command.ts';

/** A running vbmcd of the lab user, with its command line. */
export interface Vbmcd {
  readonly app: InstalledApp;
  readonly pid: number;
  readonly inventoryFile: string;
  readonly runDirectory: string;
  readonly stateDirectory: string;
  /** What it has written to standard output and standard error so far. */
  log(): string;
  /** Replaces the whole inventory; vbmcd reads it at the next reload. */
  writeInventory(text: string): void;
  /** `vbmc ARGS…` */
  vbmc(...args: readonly string[]): Promise<CommandResult>;
  /** `vbmc list --json`. */
  list(): Promise<readonly ListedBmc[]>;
  /** Waits until every named BMC runs; all of them if none is named. */
  running(...names: readonly string[]): Promise<readonly ListedBmc[]>;
  /** Process ids of its live workers, read from /proc instead of asked of vbmcd. */
  workerPids(): readonly number[];
  /** Resolves when it has ended, with its exit code, or the signal that ended it. */
  readonly ended: Promise<number | NodeJS.Signals>;
  /** Sends a signal (default SIGTERM) and waits for the end. */
  stop(signal?: NodeJS.Signals): Promise<number | NodeJS.Signals>;
}

/** A vbmcd with one BMC for each domain. */
export interface LabVbmcd extends Vbmcd {
  readonly bmcs: readonly LabBmc[];
}

/** What `vbmc list --json` tells of each BMC. */
export interface ListedBmc {
  readonly name: string;
  readonly domain: string;
  readonly address: string;
  readonly port: number;
  readonly status: string;
  readonly reason: string | null;
  readonly powerState: string;
  readonly domainState: string | null;
  readonly pid: number | null;
  readonly restarts: number;
}

export interface LaunchOptions {
  /** Its directory in the lab; default `vbmcd`. */
  readonly name?: string;
  readonly logLevel?: string;
  /** More arguments for vbmcd. */
  readonly args?: readonly string[];
  /** Words before all that, which root executes: they make the lab user of it, and exec it. */
  readonly rootLauncher?: readonly string[];
  /** Put in front of the PATH of vbmcd, for example a directory with a `virsh` that misbehaves. */
  readonly pathPrefix?: string;
  /** The whole PATH of vbmcd, for a program that it must not find. */
  readonly path?: string;
  /** Called with every piece of its log as it comes. */
  readonly onLog?: (text: string) => void;
  /** The text of a program in place of the worker, which becomes `real-worker.cjs` next to it. */
  readonly workerStandIn?: string;
  /** A command that runs vbmcd in its own process; vbmcd's command line follows it. */
  readonly launcher?: readonly string[];
  /** More variables for vbmcd. */
  readonly environment?: Readonly<Record<string, string>>;
}

export interface VbmcdOptions extends LaunchOptions {
  /** More keys for every section of the inventory. */
  readonly inventoryKeys?: Readonly<Record<string, string>>;
  /** More sections of the inventory, as text: users. */
  readonly inventorySections?: string;
}

/** A BMC for each domain on 127.0.0.1, with a free port and a password of its own. */
export async function planBmcs(domains: readonly string[]): Promise<LabBmc[]> {
  const ports = await freeUdpPorts(domains.length);
  return domains.map((domain, index) => ({
    name: domain,
    domain,
    address: '127.0.0.1',
    port: ports[index] ?? 0,
    username: 'admin',
    // IPMI 2.0 passwords have at most 20 bytes.
    password: randomBytes(8).toString('hex'),
  }));
}

/** Starts vbmcd as the lab user on this inventory (undefined: as an earlier vbmcd has left it), and does not wait for it. */
export function launchVbmcd(
  libvirt: PrivateLibvirt,
  inventory: string | undefined,
  options: LaunchOptions = {},
): Vbmcd {
  const { directory } = libvirt;
  const { name = 'vbmcd', logLevel = 'info', args = [] } = options;
  const app = installApp(directory, options.workerStandIn);
  const inventoryFile = join(directory.path, name, 'domains.ini');
  if (inventory !== undefined) directory.write(`${name}/domains.ini`, inventory, 0o600);
  const runDirectory = directory.makeDirectory(`${name}/run`);
  const stateDirectory = directory.makeDirectory(`${name}/state`);
  const path = [options.pathPrefix, options.path ?? libvirt.environment['PATH']].filter(
    (part) => part !== undefined,
  );
  const launcher = [...(options.rootLauncher ?? []), ...(options.launcher ?? [])];
  const [command, ...commandArgs] = [...launcher, process.execPath];
  const child = libvirt.spawn(
    command,
    [
      ...commandArgs,
      app.vbmcd,
      '--foreground',
      ...['--inventory', inventoryFile, '--run-dir', runDirectory, '--state-dir', stateDirectory],
      ...['--log-level', logLevel, ...args],
    ],
    { ...options.environment, PATH: path.join(':') },
    options.rootLauncher === undefined ? libvirt.user : {},
  );
  let log = '';
  for (const stream of [child.stdout, child.stderr]) {
    stream.setEncoding('utf8').on('data', (text: string) => {
      log += text;
      options.onLog?.(text);
    });
  }
  const ended = (once(child, 'close') as Promise<[number | null, NodeJS.Signals | null]>).then(
    ([exitCode, signal]) => exitCode ?? signal ?? 'SIGKILL',
  );
  const vbmcd: Vbmcd = {
    ...{ app, inventoryFile, runDirectory, stateDirectory, ended },
    pid: child.pid ?? 0,
    log: () => log,
    writeInventory: (text) => {
      directory.write(`${name}/domains.ini`, text, 0o600);
    },
    vbmc: (...vbmcArgs) => libvirt.run(process.execPath, [app.vbmc, '--run-dir', runDirectory, ...vbmcArgs]),
    list: async () => {
      const { exitCode, stdout, stderr } = await vbmcd.vbmc('list', '--json');
      if (exitCode !== 0) throw new Error(`vbmc list: ${stderr}`);
      return JSON.parse(stdout) as readonly ListedBmc[];
    },
    running: (...names) => allRunning(vbmcd, names),
    workerPids: () =>
      childrenOf(vbmcd.pid)
        .filter(({ commandLine }) => commandLine.includes(app.worker))
        .map(({ pid }) => pid),
    stop: (signal = 'SIGTERM') => {
      child.kill(signal);
      return ended;
    },
  };
  return vbmcd;
}

/** `launchVbmcd`; resolves when its control socket answers, whatever its BMCs do. */
export async function startVbmcd(
  libvirt: PrivateLibvirt,
  inventory: string | undefined,
  options: LaunchOptions = {},
): Promise<Vbmcd> {
  const vbmcd = launchVbmcd(libvirt, inventory, options);
  await whileItRuns(vbmcd, 'the control socket', async () => (await vbmcd.vbmc('status')).exitCode === 0);
  return vbmcd;
}

/** `launchVbmcd` with an inventory that has a BMC for each domain. */
export function launchLabVbmcd(
  libvirt: PrivateLibvirt,
  bmcs: readonly LabBmc[],
  options: VbmcdOptions = {},
): LabVbmcd {
  const sections = inventoryText(libvirt.connectionUri, bmcs, options.inventoryKeys);
  return { ...launchVbmcd(libvirt, `${sections}\n${options.inventorySections ?? ''}`, options), bmcs };
}

/** `launchLabVbmcd`; resolves when every BMC listens. */
export async function startLabVbmcd(
  libvirt: PrivateLibvirt,
  bmcs: readonly LabBmc[],
  options: VbmcdOptions = {},
): Promise<LabVbmcd> {
  const vbmcd = launchLabVbmcd(libvirt, bmcs, options);
  await whileItRuns(vbmcd, 'every BMC to listen', async () => {
    const listed = await vbmcd.list();
    return listed.length === bmcs.length && listed.every(({ status }) => status === 'running');
  });
  return vbmcd;
}

/** Waits for a condition, and fails at once with vbmcd's log when vbmcd ends before it holds. */
async function whileItRuns(vbmcd: Vbmcd, what: string, condition: () => Promise<boolean>): Promise<void> {
  const ended = vbmcd.ended.then((how) => {
    throw new Error(`vbmcd has ended: ${how}`);
  });
  await Promise.race([ended, waitFor(what, condition)]).catch((error: unknown) => {
    throw new Error(`${String(error)}\n${vbmcd.log()}`);
  });
  // Its end is expected from here on.
  ended.catch(() => undefined);
}

function allRunning(vbmcd: Vbmcd, names: readonly string[]): Promise<readonly ListedBmc[]> {
  return waitFor(
    'the BMCs to run',
    async () => {
      const listed = await vbmcd.list();
      const down = listed.filter(
        ({ name, status }) => status !== 'running' && (names.length === 0 || names.includes(name)),
      );
      if (down.length > 0) throw new Error(JSON.stringify(down));
      return listed;
    },
    { timeoutMs: 60_000 },
  );
}
