/** Carries a fault out on what really runs, and takes it back. */
import { setTimeout as sleep } from 'node:timers/promises';
import { runningProcesses } from '#support/processes.ts';
import { workerPid, type ChaosScene } from './chaos-scene.ts';
import { editInventory } from './edit-inventory.ts';
import type { Fault, FaultKind } from './fault.ts';
import { withFailingForks, withoutDescriptors } from './shortage.ts';

type Inflict = (scene: ChaosScene, fault: Fault) => Promise<void>;

const inflictions: Readonly<Record<FaultKind, Inflict>> = {
  workerKilled: (scene, fault) => {
    signal(victimOf(scene, fault), 'SIGKILL');
    return Promise.resolve();
  },
  workerStopped: (scene, fault) => stopped(victimOf(scene, fault), fault),
  workerForksFail: async (scene, fault) => {
    const pid = victimOf(scene, fault);
    if (pid !== undefined) await withFailingForks(pid, fault.code, () => sleep(fault.holdMs));
  },
  virshOfOneStalls: (scene, fault) => stalls(scene, fault, domainOf(scene, fault)?.name),
  inventoryEdited: (scene) => editInventory(scene),
  vbmcdKilled: ({ vbmcd }) => vbmcd.end('SIGKILL'),
  vbmcdTerminated: ({ vbmcd }) => vbmcd.end('SIGTERM'),
  vbmcdStopped: async ({ vbmcd }, fault) => {
    const isEnded = fault.end === 'dies';
    signal(vbmcd.pid, 'SIGSTOP');
    await sleep(fault.holdMs);
    // As the watchdog of systemd ends one that hangs.
    if (isEnded) await vbmcd.end('SIGKILL');
    else signal(vbmcd.pid, 'SIGCONT');
  },
  vbmcdForksFail: ({ vbmcd }, { code, holdMs }) => withFailingForks(vbmcd.pid, code, () => sleep(holdMs)),
  vbmcdHasNoDescriptors: ({ libvirt, vbmcd }, { holdMs }) =>
    withoutDescriptors(libvirt, vbmcd.pid, () => sleep(holdMs)),
  libvirtdKilled: (scene, { holdMs }) => withoutLibvirtd(scene, 'SIGKILL', holdMs),
  libvirtdTerminated: (scene, { holdMs }) => withoutLibvirtd(scene, 'SIGTERM', holdMs),
  virshStalls: (scene, fault) => stalls(scene, fault, undefined),
  stateDiskFull: async ({ stateDisk }, { holdMs }) => {
    await stateDisk?.fill();
    await sleep(holdMs);
    await stateDisk?.free();
  },
  clockStepped: async ({ libvirt, clockDirectory }, { clockSeconds, holdMs }) => {
    libvirt.directory.write(`${clockDirectory}/clock-offset`, String(clockSeconds * 1_000));
    await sleep(holdMs);
    libvirt.directory.write(`${clockDirectory}/clock-offset`, '0');
  },
};

/** Resolves when it is over. */
export function inflict(scene: ChaosScene, fault: Fault): Promise<void> {
  return inflictions[fault.kind](scene, fault);
}

function domainOf({ domains }: ChaosScene, { target }: Fault) {
  return typeof target === 'number' ? domains[target] : undefined;
}

/** Undefined while the BMC has no worker. */
function victimOf(scene: ChaosScene, fault: Fault): number | undefined {
  const domain = domainOf(scene, fault);
  return domain === undefined ? undefined : workerPid(scene, domain.name);
}

function signal(pid: number | undefined, name: NodeJS.Signals): void {
  if (pid === undefined || pid <= 1) return;
  try {
    process.kill(pid, name);
  } catch {
    // It has ended by itself.
  }
}

/** vbmcd kills a worker that hangs for more than some 10 s. */
async function stopped(pid: number | undefined, { holdMs, end }: Fault): Promise<void> {
  const command = commandOf(pid);
  signal(pid, 'SIGSTOP');
  await sleep(holdMs);
  if (command === undefined || commandOf(pid) !== command) return;
  signal(pid, end === 'dies' ? 'SIGKILL' : 'SIGCONT');
}

function commandOf(pid: number | undefined): string | undefined {
  return runningProcesses().find((entry) => entry.pid === pid)?.commandLine;
}

async function stalls(
  { virsh }: ChaosScene,
  { holdMs, end }: Fault,
  domain: string | undefined,
): Promise<void> {
  virsh.stall(domain);
  await sleep(holdMs);
  const stalled = virsh
    .processesLeft('workers')
    .filter(({ command }) => domain === undefined || command.includes(` ${domain} `));
  if (end === 'dies') for (const { pid } of stalled) signal(pid, 'SIGKILL');
  virsh.endStall();
}

async function withoutLibvirtd(
  { libvirt, events }: ChaosScene,
  how: 'SIGKILL' | 'SIGTERM',
  holdMs: number,
): Promise<void> {
  events.stop();
  await libvirt.daemon.stop(how);
  await sleep(holdMs);
  await libvirt.daemon.start();
  await events.start();
}
