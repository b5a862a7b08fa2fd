/** What the steps have in common: a container, a BMC in it, and libvirt's word. */
import { projectVersion } from '../../../config/package/checkout.ts';
import type { LabBmc } from '#lab/inventory-text.ts';
import { runOptions, type Podman } from '#lab/podman/podman.ts';
import type { PrivateLibvirt } from '#lab/private-libvirt.ts';
import { ipmiClients } from '#support/clients/ipmi-clients.ts';
import { waitFor } from '#support/wait-for.ts';
import type { Report } from '../report.ts';
import { expectText } from '../service/expect.ts';

export const IMAGE = `localhost/vbmc:${projectVersion()}`;
export const CONTAINER = 'vbmc';
/** Where libvirt's socket is on a host, and so in the container. */
const SOCKET = '/var/run/libvirt/libvirt-sock';
/** The private libvirt is a session daemon; that of a host is `qemu:///system`. */
export const URI_IN_CONTAINER = `qemu+unix:///session?socket=${SOCKET}`;

/** For a machine that does much else: QEMU starts under software emulation. */
const patience = { retryIntervalSeconds: 15, tries: 3, timeoutMs: 90_000 };

export interface ImageBench {
  readonly report: Report;
  readonly podman: Podman;
  readonly libvirt: PrivateLibvirt;
  readonly bmc: LabBmc;
}

/** `podman run` in the background; `args` come before the image, `command` after it. */
export async function startContainer(
  { podman, libvirt }: ImageBench,
  args: readonly string[],
  command: readonly string[] = [],
): Promise<void> {
  const socket = `${libvirt.daemon.socket}:${SOCKET}`;
  const usual = ['--detach', '--name', CONTAINER, '--network', 'host', '--volume', socket];
  await podman.sh('run', ...runOptions, ...usual, ...args, IMAGE, ...command);
  await waitUntilUp(podman);
}

export async function waitUntilUp(podman: Podman): Promise<void> {
  try {
    await waitFor('vbmcd to answer in the container', () => inContainer(podman, 'vbmc', 'status'), {
      timeoutMs: 60_000,
      intervalMs: 500,
    });
  } catch (error) {
    const { stdout, stderr } = await podman.run('logs', CONTAINER);
    throw new Error(`${String(error)}\n${stdout}${stderr}`, { cause: error });
  }
}

/** `podman exec vbmc …` */
export async function inContainer(podman: Podman, ...command: readonly string[]): Promise<string> {
  return podman.sh('exec', CONTAINER, ...command);
}

/** ipmitool's answer; throws when there is none. */
export async function ask({ libvirt, bmc }: ImageBench, ...command: readonly string[]): Promise<string> {
  const { exitCode, stdout, stderr } = await ipmiClients(libvirt).ipmitool(bmc, command, patience);
  if (exitCode !== 0) throw new Error(`ipmitool ${command.join(' ')}: ${stderr}${stdout}`);
  return stdout.trim();
}

/** Power on and off by the BMC, as virsh sees it. */
export async function powerCycles(bench: ImageBench): Promise<string> {
  const { libvirt, bmc } = bench;
  const domstate = async (): Promise<string> => (await libvirt.virsh('domstate', bmc.domain)).trim();
  await ask(bench, 'chassis', 'power', 'on');
  expectText('virsh domstate', await domstate(), 'running');
  expectText('power status', await ask(bench, 'chassis', 'power', 'status'), 'Chassis Power is on');
  await ask(bench, 'chassis', 'power', 'off');
  expectText('virsh domstate', await domstate(), 'shut off');
  return 'on: virsh says running; off: virsh says shut off';
}
