/** Disks whose images lie on a file system that gets full: the guest writes, and what the log and the sensor say then. */
import type { Lab } from '#lab/lab.ts';
import { labUser } from '#lab/lab-user.ts';
import { runCommand } from '#lab/run-command.ts';
import { waitFor } from '#support/wait-for.ts';
import { clearEventLog, logged } from './event-log.ts';

/** What the guest writes to a disk at a time. */
const WRITTEN_MIB = 8;
const FULL_AT_MIB = 4;
const DISK_MIB = 16;
/** By libvirt's name of the disk, which is the guest's, too. */
export const policies = { vda: 'stop', vdb: 'report' } as const;
const asserted = {
  ipmitool: /\| Drive Slot \/ Bay Disks \| Drive Fault \| Asserted/,
  freeipmi: /\| Drive Slot .*Assertion Event +\| Drive Fault/,
};
const deasserted = {
  ipmitool: /\| Drive Slot \/ Bay Disks \| Drive Fault \| Deasserted/,
  freeipmi: /\| Drive Slot .*Deassertion Event +\| Drive Fault/,
};

export interface SmallFileSystem {
  /** Devices for a definition: an empty disk for each of `policies`. */
  readonly devices: string;
  resize(mebibytes: number): Promise<void>;
  remove(): Promise<void>;
}

/** Needs root. */
export async function makeSmallFileSystem(lab: Lab): Promise<SmallFileSystem> {
  const place = lab.libvirt.directory.makeDirectory('small');
  const owner = labUser.uid === undefined ? '' : `,uid=${labUser.uid},gid=${String(labUser.gid)}`;
  await run('mount', '-t', 'tmpfs', '-o', `size=${FULL_AT_MIB}m,mode=0700${owner}`, 'tmpfs', place);
  const disks = Object.entries(policies).map(async ([target, policy]) => {
    const file = `${place}/${target}.img`;
    await lab.libvirt.run('truncate', ['-s', `${DISK_MIB}M`, file]);
    return `<disk type='file' device='disk'><driver name='qemu' type='raw' error_policy='${policy}'/>
      <source file='${file}'/><target dev='${target}' bus='virtio'/></disk>`;
  });
  return {
    devices: (await Promise.all(disks)).join(''),
    resize: (mebibytes) => run('mount', '-o', `remount,size=${mebibytes}m`, place),
    // A guest may still have an image open.
    remove: () => run('umount', '-l', place),
  };
}

/** `error_policy='stop'`: the guest stands still until it is resumed; then it writes on. A later fault is one more. */
export async function stopAtFault(lab: Lab, index: number, files: SmallFileSystem): Promise<string> {
  const guest = lab.guest(index);
  const { name } = guest;
  const writes = (): number => lab.serialLog(name).split('vda written').length - 1;
  await clearEventLog(lab, index);
  await guest.type('v');
  // The room that is made at first is too little, too.
  for (const [times, mebibytes] of [FULL_AT_MIB + 2, WRITTEN_MIB].entries()) {
    await waitFor('the guest to stand still', async () =>
      (await lab.libvirt.virsh('domstate', '--reason', name)).includes('I/O error'),
    );
    await logged(lab, index, asserted, times + 1);
    await sensorSays(lab, index, /^Disks .*Drive Present, Drive Fault$/m);
    if (writes() > 0) throw new Error('the guest could write');
    await files.resize(mebibytes);
    await lab.libvirt.virsh('resume', name);
    await logged(lab, index, deasserted, times + 1);
  }
  await waitFor('the guest to have written', () => writes() === 1);
  await sensorSays(lab, index, /^Disks .*Drive Present$/m);
  return 'asserted, deasserted by the resume, asserted by the next fault, deasserted; the guest has written';
}

/** `error_policy='report'`: the guest is told and runs on. One record, whatever more it tries, until it is resumed. */
export async function reportFault(lab: Lab, index: number, files: SmallFileSystem): Promise<string> {
  const guest = lab.guest(index);
  const { name } = guest;
  const failures = (): number => lab.serialLog(name).split('vdb failed').length - 1;
  // The other disk takes its room.
  await files.resize(WRITTEN_MIB + FULL_AT_MIB);
  await clearEventLog(lab, index);
  for (const tries of [1, 2]) {
    await guest.type('w');
    await waitFor('the guest to be told', () => failures() === tries);
    await logged(lab, index, asserted);
  }
  await lab.waitForDomstate(name, 'running');
  await sensorSays(lab, index, /^Disks .*Drive Present, Drive Fault$/m);
  await lab.libvirt.virsh('suspend', name);
  await lab.libvirt.virsh('resume', name);
  await logged(lab, index, deasserted);
  return 'asserted once for two failed writes, deasserted by the resume';
}

async function sensorSays(lab: Lab, index: number, words: RegExp): Promise<void> {
  await waitFor(`${words.source} of the sensor`, async () => {
    const { stdout } = await lab.ipmitool(lab.bmc(index), ['sdr', 'elist']);
    if (!words.test(stdout)) throw new Error(stdout);
    return true;
  });
}

async function run(command: string, ...args: readonly string[]): Promise<void> {
  const { exitCode, stderr } = await runCommand(command, args, {
    env: process.env as Record<string, string>,
  });
  if (exitCode !== 0) throw new Error(`${command} ${args.join(' ')}: ${stderr}`);
}
