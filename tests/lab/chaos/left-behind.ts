/** What is left of vbmcd after its end. */
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { runningProcesses, type ProcessEntry } from '#support/processes.ts';
import { TEMPORARY_DIRECTORY } from './chaos-lab.ts';
import type { ChaosScene } from './chaos-scene.ts';

/** A process whose parent was killed ends within this time. */
const PATIENCE_MS = 10_000;
/** The lock ends with its process; its file stays. */
const kept: ReadonlySet<string> = new Set(['vbmcd.lock']);
const stateFiles: ReadonlySet<string> = new Set([
  'event-log',
  'inventory.json',
  'owed-starts.json',
  'power-restore.json',
  'state.lock',
]);

export async function leftBehind(scene: ChaosScene): Promise<readonly string[]> {
  const deadline = scene.now() + PATIENCE_MS;
  while (processesLeft(scene).length > 0 && scene.now() < deadline) await sleep(100);
  return [
    ...processesLeft(scene).map(({ pid, commandLine }) => `process ${pid}: ${commandLine}`),
    ...(await filesLeft(scene)).map((file) => `file ${file}`),
    ...socketsLeft(scene).map((port) => `socket of port ${port}/udp`),
  ];
}

/** Everything of this lab but libvirtd, its domains, and what the suite itself has started. */
function processesLeft({ libvirt, events, stateDisk }: ChaosScene): readonly ProcessEntry[] {
  const own = new Set([events.pid, stateDisk?.holder, libvirt.daemon.pid()]);
  return runningProcesses().filter(({ pid, commandLine }) => {
    if (own.has(pid) || /^\S*(qemu-system|perl|libvirtd|virtqemud)/.test(commandLine)) return false;
    return isOfLab(pid, libvirt.directory.path);
  });
}

function isOfLab(pid: number, directory: string): boolean {
  try {
    return readFileSync(`/proc/${pid}/environ`, 'latin1').includes(directory);
  } catch {
    return false;
  }
}

async function filesLeft({ libvirt, vbmcd, stateDisk }: ChaosScene): Promise<readonly string[]> {
  const { runDirectory, inventoryFile } = vbmcd.current;
  const inventoryName = inventoryFile.slice(inventoryFile.lastIndexOf('/') + 1);
  const inventoryFolder = join(inventoryFile, '..');
  const state = (await stateDisk?.files()) ?? [];
  return [
    ...filesIn(runDirectory).filter((name) => !kept.has(name)),
    ...filesIn(join(libvirt.directory.path, TEMPORARY_DIRECTORY)),
    ...filesIn(inventoryFolder).filter((name) => ![inventoryName, 'run', 'state'].includes(name)),
    ...state.filter((name) => !stateFiles.has(name)),
  ];
}

function filesIn(folder: string): readonly string[] {
  return existsSync(folder) ? readdirSync(folder) : [];
}

/** proc(5): the local address is in hexadecimal. */
function socketsLeft({ domains, extra }: ChaosScene): readonly number[] {
  const bound = readFileSync('/proc/net/udp', 'utf8') + readFileSync('/proc/net/udp6', 'utf8');
  const ports = [...domains.map(({ bmc }) => bmc.port), ...extra.ports];
  return ports.filter((port) =>
    new RegExp(`^ *\\d+: [0-9A-F]+:${port.toString(16).toUpperCase().padStart(4, '0')} `, 'm').test(bound),
  );
}
