/** The fault bits of Get Chassis Status, on real faults, as ipmitool and freeipmi print them. */
import { setTimeout as sleep } from 'node:timers/promises';
import { chassisOf } from '#support/clients/chassis.ts';
import { waitFor } from '#support/wait-for.ts';
import { startLab, type Lab } from '#lab/lab.ts';

const NAME = 'node-0';
const FAILED = 0xff;
let lab: Lab;
let sound: string;

beforeAll(async () => {
  lab = await startLab();
  sound = await lab.libvirt.virsh('dumpxml', '--inactive', '--security-info', NAME);
});
afterAll(async () => {
  await lab.stop();
});

/** What `ipmitool chassis status` prints, by field. */
async function chassisStatus(): Promise<ReadonlyMap<string, string>> {
  const { exitCode, stdout, stderr } = await lab.ipmitool(lab.bmc(0), ['chassis', 'status']);
  expect({ exitCode, stderr }).toEqual({ exitCode: 0, stderr: '' });
  return new Map(
    Array.from(stdout.matchAll(/^(.+?) *:(.*)$/gm), ([, field = '', value = '']) => [field, value.trim()]),
  );
}

async function told(...fields: readonly string[]): Promise<readonly (string | undefined)[]> {
  const status = await chassisStatus();
  return fields.map((field) => status.get(field));
}

async function reason(): Promise<string> {
  return (await lab.libvirt.virsh('domstate', '--reason', NAME)).trim();
}

/**
 * The guest's disk behind QEMU's blkdebug: QEMU's own first read fails (it guesses the disk's geometry), and the guest's first
 * two, at which QEMU stops the machine.
 */
function withFailingDisk(xml: string): string {
  const file = /<source file='([^']+)'/.exec(xml)?.[1] ?? '';
  const failure = (): object => ({
    ...{ event: 'none', iotype: 'read', errno: 28, once: true, state: 0 },
  });
  const blockdev = {
    ...{ driver: 'raw', 'node-name': 'failing' },
    file: {
      driver: 'blkdebug',
      image: { driver: 'file', filename: file },
      'inject-error': [failure(), failure(), failure()],
    },
  };
  const device = 'ide-hd,bus=ide.0,unit=0,drive=failing,rerror=stop,werror=stop,bootindex=1';
  const args = ['-blockdev', JSON.stringify(blockdev), '-device', device];
  const commandLine = args.map((arg) => `<qemu:arg value='${arg.replaceAll("'", '&apos;')}'/>`).join('');
  return xml
    .replace(/<disk type='file' device='disk'>[^]*?<\/disk>/, '')
    .replace(/<boot dev='\w+'\/>/g, '')
    .replace('</domain>', `<qemu:commandline>${commandLine}</qemu:commandline></domain>`)
    .replace(/^<domain /, "<domain xmlns:qemu='http://libvirt.org/schemas/domain/qemu/1.0' ");
}

test('no fault of a machine that is off; the front panel byte is there', async () => {
  expect(
    await told('System Power', 'Power Overload', 'Main Power Fault', 'Power Control Fault', 'Drive Fault'),
  ).toEqual(['off', 'false', 'false', 'false', 'false']);
  const { stdout } = await lab.ipmitool(lab.bmc(0), ['raw', '0x00', '0x01']);
  // Bit 6 of the third byte: the identify lamp is supported.
  expect(stdout.trim()).toBe('00 00 40 00');
});

test('Get Device ID has the auxiliary bytes', async () => {
  const { stdout } = await lab.ipmitool(lab.bmc(0), ['raw', '0x06', '0x01']);
  expect(stdout.trim().split(/\s+/)).toHaveLength(15);
  const info = await lab.ipmitool(lab.bmc(0), ['mc', 'info']);
  expect(info).toMatchObject({ exitCode: 0, stderr: '' });
  expect(info.stdout).toContain('Aux Firmware Rev Info');
});

test('drive fault while the machine stands still for an I/O error; none when it runs on', async () => {
  await lab.libvirt.defineDomain(withFailingDisk(sound));
  await lab.libvirt.virsh('start', NAME);
  await waitFor('the disk to fail', async () => (await reason()) === 'paused (I/O error)');
  await waitFor('the BMC to know', async () => (await told('Drive Fault'))[0] === 'true');
  expect(await told('System Power', 'Drive Fault', 'Cooling/Fan Fault', 'Main Power Fault')).toEqual([
    ...['on', 'true', 'false', 'false'],
  ]);
  const free = await lab.freeipmi('ipmi-chassis', lab.bmc(0), ['--get-chassis-status']);
  expect(free).toMatchObject({ exitCode: 0, stderr: '' });
  expect(free.stdout).toMatch(/^System Power +: on$/m);
  expect(free.stdout).toMatch(/^Drive Fault +: true$/m);

  // A power on lets it try again. It fails again, which the answer may come too early to tell.
  await chassisOf(lab.bmc(0)).control('powerUp');
  await waitFor('the disk to fail again', async () => (await reason()) === 'paused (I/O error)');
  await waitFor('the BMC to know', async () => (await told('Drive Fault'))[0] === 'true');

  // The disk is well, and the machine runs on. Whether the guest boots is not asked: on a busy machine it was seen to stay in its BIOS.
  await waitFor('the machine to run on', async () => {
    if ((await reason()) === 'paused (I/O error)') await lab.libvirt.virsh('resume', NAME);
    await sleep(1_000);
    return (await reason()) === 'running (unpaused)';
  });
  await waitFor('the BMC to know', async () => (await told('Drive Fault'))[0] === 'false');
  expect(await told('System Power')).toEqual(['on']);
});

describe('power control fault', () => {
  beforeEach(async () => {
    const state = (await lab.libvirt.virsh('domstate', NAME)).trim();
    if (state !== 'shut off') await lab.libvirt.virsh('destroy', NAME);
  });

  const fails = async (): Promise<void> => {
    await lab.libvirt.defineDomain(sound.replace(/<source file='[^']+'/, "<source file='/nowhere/disk.raw'"));
    expect(await chassisOf(lab.bmc(0)).control('powerUp')).toBe(FAILED);
    expect(await told('System Power', 'Power Control Fault', 'Main Power Fault')).toEqual([
      'off',
      'true',
      'false',
    ]);
    await lab.libvirt.defineDomain(sound);
    expect(await told('Power Control Fault')).toEqual(['true']);
  };

  test('after a power on that failed, until one succeeds', async () => {
    await fails();
    const free = await lab.freeipmi('ipmi-chassis', lab.bmc(0), ['--get-chassis-status']);
    expect(free.stdout).toMatch(/^Power control fault +: true$/im);
    expect(await chassisOf(lab.bmc(0)).control('powerUp')).toBe(0);
    expect(await told('System Power', 'Power Control Fault', 'Last Power Event')).toEqual([
      'on',
      'false',
      'command',
    ]);
    expect(await chassisOf(lab.bmc(0)).control('powerDown')).toBe(0);
  });

  test('or until another program starts the domain', async () => {
    await fails();
    await lab.libvirt.virsh('start', NAME);
    await waitFor('the BMC to know', async () => (await told('Power Control Fault'))[0] === 'false');
    expect(await told('System Power', 'Last Power Event')).toEqual(['on', '']);
    expect(await chassisOf(lab.bmc(0)).control('powerDown')).toBe(0);
    expect(await told('System Power', 'Power Control Fault')).toEqual(['off', 'false']);
  });
});
