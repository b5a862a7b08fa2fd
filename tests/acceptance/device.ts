/**
 * `npm run test:device`: the device beside its power: clients of others read and change sensors, event log, inventory, network and users
 * of a BMC whose domain is a real Linux, and what they print is held against the guest, the host and virsh. Installs the clients when
 * root. `-- --only TEXT` does the steps with this in their name; those that change something depend on the ones before them.
 */
import { parseArgs } from 'node:util';
import { installPrograms } from '#lab/debian-packages.ts';
import { startLab, type Lab } from '#lab/lab.ts';
import { LINUX_BOOT_MS, LINUX_MEMORY_MIB, linuxDisk } from '#lab/linux-guest/linux-disk.ts';
import { waitFor } from '#support/wait-for.ts';
import { runAcceptance, type AcceptanceRun } from './acceptance-run.ts';
import { commitUser } from './device/bmc-config.ts';
import { changeChecks } from './device/change-checks.ts';
import { clientChecks } from './device/client-checks.ts';
import { IPMIUTIL_ADDRESS, type ClientCheck } from './device/client-command.ts';
import { makeSmallFileSystem, reportFault, stopAtFault, type SmallFileSystem } from './device/disk-truth.ts';
import { memoryFailure, rebootNmiPanic } from './device/event-truth.ts';
import { EXPORTER, scrape } from './device/exporter.ts';
import { compareInventory, SYSINFO } from './device/inventory-truth.ts';
import { compareNetwork } from './device/network-truth.ts';
import { powerChecks, type PowerCheck } from './device/power-checks.ts';
import { forwardPort623 } from './device/udp-forwarder.ts';
import { compareUsage, stopProcess } from './device/usage-truth.ts';

/** What clients ask, and change. It has QEMU's own strings. */
const PLAIN = 0;
/** With strings and disks of its own. */
const EQUIPPED = 1;
const packages = {
  ...{ 'ipmi-sensors': 'freeipmi-tools', ipmiutil: 'ipmiutil', openipmish: 'openipmi' },
  ...{ '/usr/lib/python3/dist-packages/pyghmi': 'python3-pyghmi', [EXPORTER]: EXPORTER },
  '/usr/lib/python3/dist-packages/ironic': 'python3-ironic',
};

const { values: wanted } = parseArgs({ options: { only: { type: 'string', default: '' } } });

runAcceptance('npm run test:device', async (run) => {
  const { print, unlessInterrupted } = run;
  await unlessInterrupted(installPrograms(packages, { print }));
  const linux = await unlessInterrupted(linuxDisk(print));
  const guest = { boot: ['hd'], memoryMiB: LINUX_MEMORY_MIB, panicDevice: true } as const;
  const lab = await startLab({
    domains: [{ ...guest, cdrom: true, networkCards: [true] }, guest],
    vbmcd: { inventoryKeys: { user_changes: 'yes' } },
  });
  const forwarder = await forwardPort623(IPMIUTIL_ADDRESS, lab.bmc(PLAIN));
  const small = process.getuid?.() === 0 ? await makeSmallFileSystem(lab) : undefined;
  try {
    for (const index of [PLAIN, EQUIPPED])
      lab.libvirt.directory.write(`guests/${lab.guest(index).name}/disk`, linux);
    await equip(lab, small);
    await unlessInterrupted(Promise.all([startLinux(lab, PLAIN), startLinux(lab, EQUIPPED)]));
    await tryClients(lab, run);
    await compareWithTruth(lab, small, run);
    await tryPower(lab, run);
  } finally {
    forwarder.close();
    await small?.remove();
    await lab.stop();
  }
});

/** Gives the domain strings of its own, and the disks that get full. */
async function equip(lab: Lab, small: SmallFileSystem | undefined): Promise<void> {
  const xml = await lab.libvirt.virsh('dumpxml', '--inactive', lab.guest(EQUIPPED).name);
  await lab.libvirt.defineDomain(
    xml
      .replace('<os>', `${SYSINFO}<os>`)
      .replace('</os>', "<smbios mode='sysinfo'/></os>")
      .replace('</devices>', `${small?.devices ?? ''}</devices>`),
  );
}

async function startLinux(lab: Lab, index: number): Promise<void> {
  const { name } = lab.guest(index);
  await lab.libvirt.virsh('start', name);
  await waitFor('Linux to boot', () => lab.serialLog(name).includes('boot disk'), {
    timeoutMs: LINUX_BOOT_MS,
  });
  // libvirt is asked from the first question on, and the use of the processors is the difference of two answers.
  await waitFor('a reading of CPU Usage', async () => {
    const { stdout } = await lab.ipmitool(lab.bmc(index), ['sdr', 'elist', 'all']);
    return /^CPU Usage .*percent/m.test(stdout);
  });
}

function stepOf({ report, unlessInterrupted }: AcceptanceRun) {
  return async (name: string, work: () => Promise<string>): Promise<void> => {
    if (name.includes(wanted.only)) await report.step(name, () => unlessInterrupted(work()));
  };
}

async function tryClients(lab: Lab, run: AcceptanceRun): Promise<void> {
  const step = stepOf(run);
  for (const check of clientChecks) await step(check.name, () => tryClient(lab, check));
  await step('exporter: four of five collectors', () => scrape(lab));
  for (const check of changeChecks) await step(check.name, () => tryClient(lab, check));
  await step('bmc-config: checkout, commit, login', () => commitUser(lab));
}

async function compareWithTruth(
  lab: Lab,
  small: SmallFileSystem | undefined,
  run: AcceptanceRun,
): Promise<void> {
  const step = stepOf(run);
  await step('FRU 0 beside dmidecode', () => compareInventory(lab, PLAIN));
  await step('FRU 0 beside dmidecode, sysinfo', () => compareInventory(lab, EQUIPPED));
  if (small === undefined) run.report.skip('a full disk', 'needs root, to mount a small file system');
  else {
    await step("a full disk, error_policy='stop'", () => stopAtFault(lab, EQUIPPED, small));
    await step("a full disk, error_policy='report'", () => reportFault(lab, EQUIPPED, small));
  }
  await step('a memory failure', () => memoryFailure(lab, EQUIPPED));
  await step('the network beside the host', () => compareNetwork(lab, EQUIPPED));
  await step('a busy guest: sensor beside top', () => compareUsage(lab, PLAIN));
  await step('the QEMU stopped', () => stopProcess(lab, PLAIN));
  await step('guest reboot, NMI, panic: once each', () => rebootNmiPanic(lab, PLAIN));
}

async function tryPower(lab: Lab, run: AcceptanceRun): Promise<void> {
  const step = stepOf(run);
  for (const check of powerChecks)
    await step(check.name, async () => {
      await bringTo(lab, check.from ?? 'running');
      return tryPowerClient(lab, check);
    });
}

async function tryPowerClient(lab: Lab, check: PowerCheck): Promise<string> {
  const { name } = lab.guest(PLAIN);
  const { boots, leaves } = check;
  const said = (): number => (boots === undefined ? 0 : lab.serialLog(name).split(boots).length);
  const before = said();
  const detail = await tryClient(lab, check);
  await lab.waitForDomstate(name, leaves);
  await endOfChange(lab, leaves);
  if (boots === undefined) return `${detail}; virsh: ${leaves}`;
  await waitFor(`the guest to say ${boots}`, () => said() > before, { timeoutMs: LINUX_BOOT_MS });
  return `${detail}; virsh: ${leaves}; the guest: ${boots}`;
}

/** ipmiutil does not wait for the answer, and the next change would find the BMC busy. */
async function endOfChange(lab: Lab, leaves: 'running' | 'shut off'): Promise<void> {
  const what = leaves === 'running' ? 'on' : 'off';
  await waitFor('the change to end', async () => {
    const { exitCode, stderr } = await lab.ipmitool(lab.bmc(PLAIN), ['power', what]);
    if (exitCode !== 0) throw new Error(stderr);
    return true;
  });
}

async function bringTo(lab: Lab, wantedState: 'running' | 'shut off'): Promise<void> {
  const { name } = lab.guest(PLAIN);
  const state = await lab.domstate(name);
  if (state === wantedState) return;
  // Also what is left of the guest that has panicked.
  if (state !== 'shut off') await lab.libvirt.virsh('destroy', name);
  if (wantedState === 'running') await lab.libvirt.virsh('start', name);
}

async function tryClient(lab: Lab, check: ClientCheck): Promise<string> {
  const bmc = lab.bmc(PLAIN);
  const [program, ...args] = check.command(bmc);
  const input = check.input?.(bmc);
  const result = await lab.libvirt.run(program, args, { ...(input !== undefined && { input }) });
  const { exitCode, stdout, stderr, durationMs } = result;
  if (exitCode !== (check.exitCode ?? 0))
    throw new Error(`exit code ${String(exitCode)}: ${(stderr || stdout).slice(-300)}`);
  for (const expected of check.prints)
    if (!expected.test(stdout)) throw new Error(`${String(expected)} is not in ${stdout.slice(-1_000)}`);
  for (const unexpected of check.lacks ?? [])
    if (unexpected.test(stdout)) throw new Error(`${String(unexpected)} is in ${stdout.slice(-1_000)}`);
  return `${(durationMs / 1_000).toFixed(1)} s`;
}
