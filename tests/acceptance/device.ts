/**
 * `npm run test:device`: the device beside its power: clients of others read sensors, event log, inventory, network and users of a BMC
 * whose domain is a real Linux, and what they print is held against the guest and virsh. Installs the clients when root. `-- --only TEXT`
 * tries the clients with this in their name.
 */
import { once } from 'node:events';
import { parseArgs } from 'node:util';
import { installPrograms } from '#lab/debian-packages.ts';
import { startLab, type Lab } from '#lab/lab.ts';
import { linuxDisk, LINUX_MEMORY_MIB } from '#lab/linux-guest/linux-disk.ts';
import { waitFor } from '#support/wait-for.ts';
import { runAcceptance } from './acceptance-run.ts';
import { clientChecks, IPMIUTIL_ADDRESS, powerChecks, type ClientCheck } from './device/client-checks.ts';
import { forwardPort623 } from './device/udp-forwarder.ts';

const NAME = 'node-0';
const EXPORTER = 'prometheus-ipmi-exporter';
const EXPORTER_PORT = 29_290;
const LINUX_BOOT_MS = 240_000;
const packages = {
  ...{ 'ipmi-sensors': 'freeipmi-tools', ipmiutil: 'ipmiutil', openipmish: 'openipmi' },
  ...{ '/usr/lib/python3/dist-packages/pyghmi': 'python3-pyghmi', [EXPORTER]: EXPORTER },
};

const { values: wanted } = parseArgs({ options: { only: { type: 'string', default: '' } } });

function isWanted({ name }: ClientCheck): boolean {
  return name.includes(wanted.only);
}

runAcceptance('npm run test:device', async ({ report, print, unlessInterrupted }) => {
  await unlessInterrupted(installPrograms(packages, { print }));
  const linux = await unlessInterrupted(linuxDisk(print));
  const lab = await startLab({
    domains: [{ boot: ['hd'], memoryMiB: LINUX_MEMORY_MIB, panicDevice: true, extra: '' }],
  });
  const forwarder = await forwardPort623(IPMIUTIL_ADDRESS, lab.bmc(0));
  try {
    lab.libvirt.directory.write(`guests/${NAME}/disk`, linux);
    await unlessInterrupted(startLinux(lab));
    for (const check of clientChecks.filter(isWanted))
      await report.step(check.name, () => unlessInterrupted(tryClient(lab, check)));
    await report.step('exporter: four of five collectors', () => unlessInterrupted(scrape(lab)));
    await report.step('FRU 0 is what the guest is told', () => unlessInterrupted(compareFru(lab)));
    await report.step('guest reboot, NMI, panic: once each', () => unlessInterrupted(events(lab)));
    for (const check of powerChecks.filter(isWanted))
      await report.step(check.name, async () => {
        await bringToRunning(lab);
        const detail = await unlessInterrupted(tryClient(lab, check));
        await lab.waitForDomstate(NAME, check.leaves);
        return `${detail}; virsh: ${check.leaves}`;
      });
  } finally {
    forwarder.close();
    await lab.stop();
  }
});

async function bringToRunning(lab: Lab): Promise<void> {
  const state = await lab.domstate(NAME);
  // What is left of the guest that has panicked.
  if (state === 'crashed') await lab.libvirt.virsh('destroy', NAME);
  if (state !== 'running') await lab.libvirt.virsh('start', NAME);
}

async function startLinux(lab: Lab): Promise<void> {
  await lab.libvirt.virsh('start', NAME);
  await waitFor('Linux to boot', () => lab.serialLog(NAME).includes('boot disk'), {
    timeoutMs: LINUX_BOOT_MS,
  });
  // libvirt is asked from the first question on, and the use of the processors is the difference of two answers.
  await waitFor('a reading of CPU Usage', async () => {
    const { stdout } = await lab.ipmitool(lab.bmc(0), ['sdr', 'elist', 'all']);
    return /^CPU Usage .*percent/m.test(stdout);
  });
}

async function tryClient(lab: Lab, check: ClientCheck): Promise<string> {
  const bmc = lab.bmc(0);
  const [program, ...args] = check.command(bmc);
  const input = check.input?.(bmc);
  const result = await lab.libvirt.run(program, args, { ...(input !== undefined && { input }) });
  const { exitCode, stdout, stderr, durationMs } = result;
  if (exitCode !== (check.exitCode ?? 0))
    throw new Error(`exit code ${String(exitCode)}: ${(stderr || stdout).slice(-300)}`);
  for (const expected of check.prints)
    if (!expected.test(stdout)) throw new Error(`${String(expected)} is not in ${stdout.slice(-1_000)}`);
  return `${(durationMs / 1_000).toFixed(1)} s`;
}

async function scrape(lab: Lab): Promise<string> {
  const { address, port, username, password } = lab.bmc(0);
  const collectors = '[bmc, ipmi, chassis, dcmi, sel]';
  const module = `{user: ${username}, pass: ${password}, driver: LAN_2_0, privilege: user, collectors: ${collectors}, timeout: 30000}`;
  const config = lab.libvirt.directory.write('exporter.yml', `modules:\n  default: ${module}\n`);
  const listen = `127.0.0.1:${EXPORTER_PORT}`;
  const exporter = lab.libvirt.spawn(EXPORTER, [`--config.file=${config}`, `--web.listen-address=${listen}`]);
  try {
    const url = `http://${listen}/ipmi?target=${address}:${port}&module=default`;
    const text = await waitFor('the exporter', async () => (await fetch(url)).text(), { timeoutMs: 60_000 });
    const up = [...text.matchAll(/^ipmi_up\{collector="(\w+)"\} 1$/gm)].map(([, name]) => name);
    if (up.join(' ') !== 'bmc chassis ipmi sel') throw new Error(`up: ${up.join(' ')}`);
    for (const expected of [/^ipmi_sensor_value\{.*CPU Usage.*\} \d/m, /^ipmi_sel_logs_count [1-9]/m])
      if (!expected.test(text)) throw new Error(`${String(expected)} is not in ${text.slice(0, 2_000)}`);
    return `up: ${up.join(', ')}; not dcmi, whose power reading no virtual machine has`;
  } finally {
    exporter.kill();
    await once(exporter, 'exit');
  }
}

/** Field of the guest's DMI, by field of ipmitool's `fru print`. */
const sameAs: Readonly<Record<string, string>> = {
  'Product Manufacturer': 'sys_vendor',
  'Product Name': 'product_name',
  'Product Version': 'product_version',
};

async function compareFru(lab: Lab): Promise<string> {
  await lab.guest(0).type('d');
  await waitFor('the guest to tell', () => lab.serialLog(NAME).includes('dmi end'));
  const dmi = new Map(
    [...lab.serialLog(NAME).matchAll(/^dmi (\w+)=(.*?)\r$/gm)].map(([, field = '', value = '']) => [
      field,
      value,
    ]),
  );
  const { stdout } = await lab.ipmitool(lab.bmc(0), ['fru', 'print', '0']);
  const fru = new Map(
    [...stdout.matchAll(/^ (.+?) +: (.*)$/gm)].map(([, field = '', value = '']) => [field, value]),
  );
  for (const [field, inGuest] of Object.entries(sameAs))
    if (fru.get(field) !== dmi.get(inGuest) || fru.get(field) === undefined)
      throw new Error(`${field}: "${fru.get(field) ?? ''}", in the guest "${dmi.get(inGuest) ?? ''}"`);
  return Object.keys(sameAs)
    .map((field) => fru.get(field))
    .join(', ');
}

/** Each of these is in the log once, in the words of ipmitool and of ipmi-sel. */
async function events(lab: Lab): Promise<string> {
  await lab.ipmitool(lab.bmc(0), ['sel', 'clear']);
  await lab.guest(0).type('r');
  await waitFor('the reboot to be logged', async () => (await log(lab)).includes('warm reset'));
  await waitFor('Linux to boot', () => lab.serialLog(NAME).split('boot disk').length > 2, {
    timeoutMs: LINUX_BOOT_MS,
  });
  await lab.ipmitool(lab.bmc(0), ['chassis', 'power', 'diag']);
  await lab.guest(0).type('p');
  await waitFor('the panic to be logged', async () => /critical stop/i.test(await log(lab)));
  const text = await log(lab);
  const counts = [/warm reset/g, /NMI\/Diag/g, /[Rr]un-time critical stop/g].map(
    (words) => text.match(words)?.length ?? 0,
  );
  if (counts.some((count) => count !== 1)) throw new Error(text);
  const { stdout } = await lab.freeipmi('ipmi-sel', lab.bmc(0), ['--quiet-cache']);
  for (const words of [/NMI/, /[Rr]un-time critical stop/i])
    if (!words.test(stdout)) throw new Error(`${String(words)} is not in ${stdout}`);
  return 'once each, in ipmitool and ipmi-sel';
}

async function log(lab: Lab): Promise<string> {
  return (await lab.ipmitool(lab.bmc(0), ['sel', 'elist'])).stdout;
}
