/** Finds the process that has bound a UDP port, in /proc (of whose files outside of processes the service's sandbox has none). Best effort: other users' processes are not readable. */
import { readdir, readFile, readlink } from 'node:fs/promises';
import { basename } from 'node:path';
import { socketInodes } from './proc-net-udp.ts';

/** Many BMCs may ask at once, and again soon: one scan of all processes serves them. */
const SCAN_VALID_MS = 2_000;

interface Scan {
  readonly atMs: number;
  /** Process ids by the inode of each socket. */
  readonly owners: Promise<ReadonlyMap<string, number>>;
}

let lastScan: Scan | undefined;

/** Of the port on any address, or on one: `pid 4711 (vbmcd)`; `undefined` when no owner is found. */
export async function findPortOwner(port: number, address?: string): Promise<string | undefined> {
  const tables = await Promise.all(['/proc/self/net/udp', '/proc/self/net/udp6'].map(readOrNothing));
  const inodes = tables.flatMap((table) => socketInodes(table, port, address));
  if (inodes.length === 0) return undefined;
  const owners = await socketOwners();
  const pid = inodes.map((inode) => owners.get(inode)).find((owner) => owner !== undefined);
  return pid === undefined ? undefined : `pid ${pid} (${await programName(pid)})`;
}

function socketOwners(): Scan['owners'] {
  const nowMs = performance.now();
  if (lastScan === undefined || nowMs - lastScan.atMs > SCAN_VALID_MS) {
    lastScan = { atMs: nowMs, owners: scanProcesses() };
  }
  return lastScan.owners;
}

async function scanProcesses(): Promise<ReadonlyMap<string, number>> {
  const owners = new Map<string, number>();
  const pids = (await namesIn('/proc')).filter((name) => /^[0-9]+$/.test(name));
  for (const pid of pids) {
    const directory = `/proc/${pid}/fd`;
    const targets = await Promise.all(
      (await namesIn(directory)).map((fd) => readlink(`${directory}/${fd}`).catch(() => '')),
    );
    for (const target of targets) {
      const inode = /^socket:\[([0-9]+)\]$/.exec(target)?.[1];
      if (inode !== undefined) owners.set(inode, Number(pid));
    }
  }
  return owners;
}

/** The name that an operator knows: for a program that an interpreter runs, the script's. */
async function programName(pid: number): Promise<string> {
  const [program = '', script = ''] = (await readOrNothing(`/proc/${pid}/cmdline`)).split('\0');
  const interpreted = /^(node|nodejs|python[0-9.]*)$/.test(basename(program)) && !script.startsWith('-');
  if (interpreted && script !== '') return basename(script).replace(/\.[cm]?(js|ts|py)$/, '');
  return (await readOrNothing(`/proc/${pid}/comm`)).trim();
}

async function readOrNothing(path: string): Promise<string> {
  return readFile(path, 'utf8').catch(() => '');
}

async function namesIn(directory: string): Promise<readonly string[]> {
  return readdir(directory).catch(() => []);
}
