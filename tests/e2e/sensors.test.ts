/** Sensors of a real QEMU domain, read by ipmitool and freeipmi and judged by virsh and /proc. */
import { closeSync, openSync, readFileSync, writeSync } from 'node:fs';
import { join } from 'node:path';
import { qemuPid } from '#lab/qemu-process.ts';
import { startLab, type Lab } from '#lab/lab.ts';
import { printFigure } from '#support/figures.ts';
import { waitFor } from '#support/wait-for.ts';

const NAME = 'node-0';
/** In USER_HZ, of which Linux has 100 on every architecture. */
const TICKS_PER_SECOND = 100;

let lab: Lab;
beforeAll(async () => {
  lab = await startLab();
});
afterAll(async () => {
  await lab.stop();
});

async function ipmitool(...args: string[]): Promise<string> {
  const result = await lab.ipmitool(lab.bmc(0), args, { privilegeLevel: 'USER' });
  expect(result.exitCode).toBe(0);
  return result.stdout;
}

/** What `sdr elist all` says of each sensor, by its name. */
async function list(): Promise<Readonly<Record<string, string>>> {
  const lines = (await ipmitool('sdr', 'elist', 'all')).trim().split('\n');
  return Object.fromEntries(
    lines.map((line) => {
      const [name = '', , , , text = ''] = line.split('|').map((part) => part.trim());
      return [name, text] as const;
    }),
  );
}

async function sensors(): Promise<string> {
  const cache = `--sdr-cache-directory=${lab.libvirt.directory.path}`;
  const result = await lab.freeipmi('ipmi-sensors', lab.bmc(0), [cache, '--quiet-cache'], {
    privilegeLevel: 'USER',
  });
  expect(result).toMatchObject({ exitCode: 0, stderr: '' });
  return result.stdout;
}

/** Has the guest jump on the spot, as soon as it boots: `jmp $` where its program begins. */
function makeBusy(): void {
  const disk = openSync(join(lab.libvirt.directory.path, `guests/${NAME}/disk`), 'r+');
  writeSync(disk, Uint8Array.of(0xeb, 0xfe), 0, 2, 0);
  closeSync(disk);
}

/** What the process of the domain has used of processors, in seconds. */
function processSeconds(pid: number): number {
  const fields = readFileSync(`/proc/${pid}/stat`, 'utf8')
    .replace(/^.*\) /s, '')
    .split(' ');
  return (Number(fields[11]) + Number(fields[12])) / TICKS_PER_SECOND;
}

test('a domain that was never on', async () => {
  const shown = await waitFor('the domain watch', async () => {
    const found = await list();
    if (found['Power State'] === 'No Reading') throw new Error('no power state yet');
    return found;
  });
  expect(Object.keys(shown)).toHaveLength(13);
  expect(shown).toMatchObject({
    'Power State': 'S5/G2: soft-off',
    'CPU Usage': 'No Reading',
    'MEM Usage': 'No Reading',
    Watchdog: '',
    SEL: '',
  });
});

test('a domain that computes, and how much it uses of its processor', async () => {
  makeBusy();
  await lab.libvirt.virsh('start', NAME);
  const pid = qemuPid(lab, NAME);
  const [sinceMs, usedBefore] = [performance.now(), processSeconds(pid)];
  const percent = await waitFor('a reading of CPU Usage', async () => {
    const { 'CPU Usage': text = '' } = await list();
    if (!text.endsWith(' percent')) throw new Error(text);
    return Number.parseInt(text, 10);
  });
  const own = (100_000 * (processSeconds(pid) - usedBefore)) / (performance.now() - sinceMs);
  printFigure('CPU Usage', `${percent} %; since the start by /proc/PID/stat ${own.toFixed(1)} %`);
  // Both are the share that the machine has given it, over times that overlap.
  expect(percent).toBeGreaterThan(own / 3);
  expect(percent).toBeLessThanOrEqual(100);
  await waitFor('the other sensors', async () => {
    expect(await list()).toMatchObject({
      'Power State': 'S0/G0: working',
      'OS Stop': '',
      Disks: 'Drive Present',
    });
    return true;
  });
});

test('ipmi-sensors finds the same, also after a crash of the worker, and without a new copy of the records', async () => {
  const before = await sensors();
  expect(before).toMatch(/\| Power State +\| System ACPI Power State +\| N\/A +\| N\/A +\| 'S0\/G0'/);
  expect(before).toMatch(/\| CPU Usage .*\| [0-9]+\.00 +\| % /);
  const [{ pid } = {}] = await lab.vbmcList();
  process.kill(Number(pid), 'SIGKILL');
  await waitFor('the next worker to know the domain', async () => {
    const after = await sensors();
    const states = (text: string): string => text.replace(/^.*CPU Usage.*$/m, '');
    if (states(after) !== states(before)) throw new Error(after);
    return true;
  });
});

test('each block of `-v sdr` has what Ironic looks for', async () => {
  const blocks = (await ipmitool('-v', 'sdr')).split('\n\n').filter((block) => block.includes('Sensor ID'));
  expect(blocks.length).toBeGreaterThanOrEqual(7);
  for (const block of blocks) expect(block).toMatch(/^ Sensor Type \((Threshold|Discrete)\) *: .+ \(0x/m);
});

test('a QEMU that is stopped keeps nobody waiting', async () => {
  const pid = qemuPid(lab, NAME);
  process.kill(pid, 'SIGSTOP');
  try {
    await waitFor('the sensors', async () => {
      const since = performance.now();
      const shown = await list();
      expect(shown).toMatchObject({ 'Power State': 'S0/G0: working', Disks: 'Drive Present' });
      printFigure(
        '13 records and 7 readings of a domain whose QEMU is stopped',
        `${Math.round(performance.now() - since)} ms`,
      );
      return true;
    });
    // What the domain watch asks for: libvirt answers it without QEMU. It does not answer `domstats --cpu-total`.
    await lab.libvirt.virsh(`domstats --state --raw; dominfo ${NAME}; domblklist ${NAME} --details`);
  } finally {
    process.kill(pid, 'SIGCONT');
  }
});

test('a power off by force, and the last known disks', async () => {
  await lab.ipmitool(lab.bmc(0), ['power', 'off']);
  await waitFor('the power state', async () => {
    const shown = await list();
    if (shown['Power State'] !== 'S5: entered by override') throw new Error(shown['Power State']);
    expect(shown).toMatchObject({ 'CPU Usage': 'No Reading', Disks: 'Drive Present', 'OS Stop': '' });
    return true;
  });
});
