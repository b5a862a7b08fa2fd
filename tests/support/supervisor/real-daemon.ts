/** The real vbmcd and real processes; only the worker's program is a stand-in. */
import { spawn, type ChildProcess } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { fetchListings } from '#supervisor/cli/control-client.ts';
import type { BmcListing } from '#supervisor/status/bmc-listing.ts';
import { temporaryDirectory } from '../temporary-directory.ts';
import { waitFor } from '../wait-for.ts';

const PROGRAM = fileURLToPath(new URL('../../fixtures/bin/vbmcd-with-fixture-worker.ts', import.meta.url));

export interface Daemon {
  readonly process: ChildProcess;
  readonly runDirectory: string;
  readonly stderr: () => string;
  readonly exit: Promise<string>;
}

const running: Daemon[] = [];

/** Starts one; all end with the test. */
export function start(
  inventory: string,
  directory = temporaryDirectory(),
  extra: readonly string[] = [],
): Daemon {
  const inventoryPath = join(directory, 'domains.ini');
  writeFileSync(inventoryPath, inventory, { mode: 0o600 });
  const runDirectory = join(directory, 'run');
  const argv = [
    '--import',
    'tsx',
    PROGRAM,
    '--foreground',
    '--inventory',
    inventoryPath,
    '--run-dir',
    runDirectory,
    '--state-dir',
    join(directory, 'state'),
    ...extra,
  ];
  const child = spawn(process.execPath, argv, { stdio: ['ignore', 'ignore', 'pipe'] });
  let stderr = '';
  child.stderr.setEncoding('utf8').on('data', (piece: string) => (stderr += piece));
  const exit = new Promise<string>((resolve) =>
    child.on('close', (code, signal) => {
      resolve(signal ?? String(code));
    }),
  );
  const daemon = { process: child, runDirectory, stderr: () => stderr, exit };
  running.push(daemon);
  return daemon;
}

afterEach(async () => {
  for (const daemon of running.splice(0)) {
    daemon.process.kill('SIGKILL');
    await daemon.exit;
  }
});

export type Listings = Readonly<Record<string, BmcListing>>;

/** The listings by name, once `ready` holds for them. */
export async function listed(
  daemon: Daemon,
  what: string,
  ready: (bmcs: Listings) => boolean,
): Promise<Listings> {
  return waitFor(what, async () => {
    try {
      const listings = await fetchListings(daemon.runDirectory);
      const bmcs = Object.fromEntries(listings.map((listing) => [listing.name, listing]));
      return ready(bmcs) ? bmcs : undefined;
    } catch {
      return undefined;
    }
  });
}

export function isRunning(bmcs: Listings, ...names: readonly string[]): boolean {
  return names.every((name) => bmcs[name]?.status === 'running');
}

export function pidOf(bmcs: Listings, name: string): number {
  return bmcs[name]?.pid ?? 0;
}
