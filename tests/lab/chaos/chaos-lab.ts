/** Starts what the chaos happens to: a private libvirt with QEMU domains, and a vbmcd whose surroundings can be made to fail. */
import { pathToFileURL } from 'node:url';
import { join } from 'node:path';
import { ipmiClients } from '#support/clients/ipmi-clients.ts';
import { waitFor } from '#support/wait-for.ts';
import { freeUdpPorts } from '../free-ports.ts';
import { defineGuest, type Guest } from '../guest.ts';
import { copyIntoLab } from '../installed-app.ts';
import { inventoryText } from '../inventory-text.ts';
import { findProgram } from '../lab-environment.ts';
import { startPrivateLibvirt, type PrivateLibvirt } from '../private-libvirt.ts';
import { planBmcs } from '../vbmcd.ts';
import { installVirshStandIn } from '../virsh-stand-in.ts';
import { chaosDomain } from './chaos-domain.ts';
import type { ChaosScene } from './chaos-scene.ts';
import { EXTRA_BMCS, ExtraBmcs } from './extra-bmcs.ts';
import { faultKinds, type FaultKind } from './fault.ts';
import { FaultLedger } from './fault-ledger.ts';
import { LibvirtEvents } from './libvirt-events.ts';
import { mountSmallDisk } from './small-disk.ts';
import { SupervisedVbmcd } from './supervised-vbmcd.ts';
import type { Tally } from './tally.ts';

const CLOCK = join(import.meta.dirname, '../../fixtures/bin/stepped-clock.mjs');
const CLOCK_DIRECTORY = 'clock';
export const TEMPORARY_DIRECTORY = 'temporary';
const VBMCD = 'vbmcd';

export interface ChaosOptions {
  readonly seed: number;
  readonly domains: number;
  readonly tally: Tally;
  readonly signal: AbortSignal;
}

export async function startChaos(options: ChaosOptions): Promise<ChaosScene> {
  const libvirt = await startPrivateLibvirt({ hypervisor: 'qemu' });
  try {
    return await makeScene(libvirt, options);
  } catch (error) {
    await libvirt.stop();
    throw error;
  }
}

async function makeScene(
  libvirt: PrivateLibvirt,
  { seed, domains, tally, signal }: ChaosOptions,
): Promise<ChaosScene> {
  const { directory } = libvirt;
  const guests: Guest[] = [];
  for (let index = 0; index < domains; index += 1)
    guests.push(
      await defineGuest(libvirt, `node-${index}`, {
        boot: ['hd', 'cdrom', 'network'],
        cdrom: true,
        networkCards: [true],
      }),
    );
  const bmcs = await planBmcs(guests.map(({ name }) => name));
  const stateDisk = await mountSmallDisk(libvirt, directory.makeDirectory(`${VBMCD}/state`));
  const clock = copyIntoLab(directory, CLOCK, `${CLOCK_DIRECTORY}/stepped-clock.mjs`);
  const virsh = installVirshStandIn(directory);
  const startedAt = performance.now();
  const now = (): number => performance.now() - startedAt;
  const ledger = new FaultLedger();
  const vbmcd = new SupervisedVbmcd(libvirt, inventoryText(libvirt.connectionUri, bmcs), {
    ...{ name: VBMCD, path: virsh.path, now },
    launcher: stateDisk?.launcher ?? [],
    environment: {
      NODE_OPTIONS: `--import=${pathToFileURL(clock).href}`,
      TMPDIR: directory.makeDirectory(TEMPORARY_DIRECTORY),
    },
    onOwnEnd: (how) => {
      const history = [
        ...ledger.history(undefined, now()),
        ...vbmcd.lines.slice(-20).map(({ text }) => text),
      ];
      tally.violate({ kind: 'vbmcd', what: `vbmcd: ${how}`, history });
    },
  });
  const events = new LibvirtEvents(libvirt);
  await events.start();
  const scene: ChaosScene = {
    ...{ seed, libvirt, vbmcd, virsh, events, stateDisk, ledger, tally, now, signal },
    clients: ipmiClients(libvirt),
    domains: guests.map((guest, index) => {
      const bmc = bmcs[index];
      if (bmc === undefined) throw new Error(`${guest.name} has no BMC`);
      return chaosDomain(libvirt, events, { guest, index, bmc });
    }),
    clockDirectory: CLOCK_DIRECTORY,
    extra: new ExtraBmcs(seed + 7, await freeUdpPorts(EXTRA_BMCS)),
    busy: new Set(),
  };
  await waitFor('vbmcd', async () => (await vbmcd.current.running()).length === domains);
  return scene;
}

/** The faults that this machine allows, and why it does not allow the others. */
export function availableFaults({ stateDisk }: ChaosScene): {
  readonly kinds: ReadonlySet<FaultKind>;
  readonly missing: readonly string[];
} {
  const kinds = new Set(Object.keys(faultKinds) as FaultKind[]);
  const missing: string[] = [];
  if (stateDisk === undefined) {
    kinds.delete('stateDiskFull');
    missing.push('stateDiskFull: the kernel gives the lab user no mount namespace');
  }
  if (findProgram('strace') === undefined) {
    kinds.delete('workerForksFail');
    kinds.delete('vbmcdForksFail');
    missing.push('workerForksFail, vbmcdForksFail: there is no strace');
  }
  return { kinds, missing };
}
