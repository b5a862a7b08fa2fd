import { randomBytes } from 'node:crypto';
import { once } from 'node:events';
import { freeUdpPorts } from './free-udp-port.ts';
import { installApp, type InstalledApp } from './installed-app.ts';
import { inventoryText, type LabBmc } from './inventory-text.ts';
import type { PrivateLibvirt } from './private-libvirt.ts';
import { waitFor } from './wait-for.ts';

/** A daemon with one BMC for each domain. */
export interface Vbmcd {
  readonly app: InstalledApp;
  readonly bmcs: readonly LabBmc[];
  readonly pid: number;
  readonly inventoryFile: string;
  readonly runDirectory: string;
  readonly stateDirectory: string;
  /** What it has written to standard output and standard error so far. */
  log(): string;
  /** `vbmc list --json`. */
  list(): Promise<readonly ListedBmc[]>;
  /** Resolves when it has ended, with its exit code, or the signal that ended it. */
  readonly ended: Promise<number | NodeJS.Signals>;
  /** Sends a signal (default SIGTERM) and waits for the end. */
  stop(signal?: NodeJS.Signals): Promise<number | NodeJS.Signals>;
}

/** What `vbmc list --json` tells of each BMC. */
export interface ListedBmc {
  readonly name: string;
  readonly domain: string;
  readonly address: string;
  readonly port: number;
  readonly status: string;
  readonly powerState: string;
  readonly domainState: string | null;
  readonly pid: number | null;
  readonly restarts: number;
}

export interface VbmcdOptions {
  readonly logLevel?: string;
  /** More arguments for vbmcd. */
  readonly args?: readonly string[];
  /** More keys for every section of the inventory. */
  readonly inventoryKeys?: Readonly<Record<string, string>>;
  /** More sections of the inventory, as text: users. */
  readonly inventorySections?: string;
  /** Put in front of the PATH of vbmcd, e.g. a directory with a `virsh` that misbehaves. */
  readonly pathPrefix?: string;
  /** The whole PATH of vbmcd instead, where something must not be found. */
  readonly path?: string;
  /** Given every piece of its log as it comes. */
  readonly onLog?: (text: string) => void;
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

/** Starts vbmcd as the lab user, and waits for nothing. */
export function launchVbmcd(
  libvirt: PrivateLibvirt,
  bmcs: readonly LabBmc[],
  options: VbmcdOptions = {},
): Vbmcd {
  const { directory } = libvirt;
  const app = installApp(directory);
  const inventoryFile = directory.write(
    'vbmcd/domains.ini',
    `${inventoryText(libvirt.connectionUri, bmcs, options.inventoryKeys)}\n${options.inventorySections ?? ''}`,
    0o600,
  );
  const runDirectory = directory.makeDirectory('vbmcd/run');
  const stateDirectory = directory.makeDirectory('vbmcd/state');
  const path = [options.pathPrefix, options.path ?? libvirt.environment['PATH']].filter(
    (part) => part !== undefined,
  );
  const child = libvirt.spawn(
    process.execPath,
    [
      app.vbmcd,
      ...['--inventory', inventoryFile, '--run-dir', runDirectory, '--state-dir', stateDirectory],
      ...['--log-level', options.logLevel ?? 'info'],
      ...(options.args ?? []),
    ],
    { PATH: path.join(':') },
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
  return {
    app,
    bmcs,
    ended,
    pid: child.pid ?? 0,
    inventoryFile,
    runDirectory,
    stateDirectory,
    log: () => log,
    list: async () => {
      const args = [app.vbmc, '--run-dir', runDirectory, 'list', '--json'];
      const { exitCode, stdout, stderr } = await libvirt.run(process.execPath, args);
      if (exitCode !== 0) throw new Error(`vbmc list: ${stderr}`);
      return JSON.parse(stdout) as readonly ListedBmc[];
    },
    stop: (signal = 'SIGTERM') => {
      child.kill(signal);
      return ended;
    },
  };
}

/** Starts vbmcd as the lab user and waits until every BMC listens. */
export async function startVbmcd(
  libvirt: PrivateLibvirt,
  bmcs: readonly LabBmc[],
  options: VbmcdOptions = {},
): Promise<Vbmcd> {
  const vbmcd = launchVbmcd(libvirt, bmcs, options);
  let end: number | NodeJS.Signals | undefined;
  void vbmcd.ended.then((how) => (end = how));
  await waitFor('every BMC to listen', async () => {
    if (end !== undefined) throw new Error('vbmcd has ended');
    const listed = await vbmcd.list();
    return listed.length === bmcs.length && listed.every(({ status }) => status === 'running');
  }).catch((error: unknown) => {
    throw new Error(`${String(error)}\n${vbmcd.log()}`);
  });
  return vbmcd;
}
