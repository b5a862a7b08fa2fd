/** freeipmi's ipmi-chassis-config, as MAAS and operators use it: what is committed is what a checkout reads. */
import { chassisOf } from '#support/clients/chassis.ts';
import { startLab, type Lab } from '#lab/lab.ts';
import type { FreeipmiOptions } from '#support/clients/ipmi-clients.ts';
import { watchedDomain, type WatchedDomain } from '#lab/watched-domain.ts';

/** MAAS 3 (src/provisioningserver/drivers/power/ipmi.py), its defaults. */
const maas: FreeipmiOptions = { workarounds: 'opensesspriv', cipher: 3, privilegeLevel: 'OPERATOR' };

let lab: Lab;
let domain: WatchedDomain;
beforeAll(async () => {
  lab = await startLab({
    domains: [{ boot: ['hd', 'cdrom', 'network'], cdrom: true, floppy: true, networkCards: [true] }],
  });
  domain = watchedDomain(lab, 0);
});
afterAll(async () => {
  await lab.stop();
});

async function chassisConfig(...args: string[]): Promise<string> {
  const result = await lab.freeipmi('ipmi-chassis-config', lab.bmc(0), args, maas);
  expect(result).toMatchObject({ exitCode: 0, stderr: '' });
  return result.stdout;
}

async function commit(keys: Readonly<Record<string, string>>): Promise<void> {
  const lines = Object.entries(keys).map(([key, value]) => `        ${key.padEnd(46)}${value}\n`);
  const text = `Section Chassis_Boot_Flags\n${lines.join('')}EndSection\n`;
  await chassisConfig('--commit', '--filename', lab.libvirt.directory.write('ipmi-chassis-config', text));
}

/** The keys of the section as `--checkout` prints them. */
async function checkout(): Promise<Record<string, string>> {
  const text = await chassisConfig('--checkout', '--section=Chassis_Boot_Flags');
  const keys: Record<string, string> = {};
  for (const [, key = '', value = ''] of text.matchAll(/^\s*(\w+)\s+(\S+)$/gm)) keys[key] = value;
  return keys;
}

const devices: [device: string, data2: number][] = [
  ['PXE', 0x04],
  ['HARD-DRIVE', 0x08],
  ['HARD-DRIVE-SAFE-MODE', 0x0c],
  ['CD-DVD', 0x14],
  ['BIOS-SETUP', 0x18],
  ['FLOPPY', 0x3c],
];

describe.each(['shut off', 'running'] as const)('a domain that is %s', (state) => {
  let original: string;
  beforeAll(async () => {
    await domain.bringTo(state);
    original = await domain.definition();
  });

  const types: [type: string, data1: number][] = [
    ['PC-COMPATIBLE', 0x80],
    ['EFI', 0xa0],
  ];
  test.each(types)('MAAS with the boot type %s', async (type, data1) => {
    await commit({ Boot_Flags_Persistent: 'No', BIOS_Boot_Type: type, Boot_Device: 'PXE' });
    expect(await chassisOf(lab.bmc(0)).bootFlags()).toEqual([data1, 0x04, 0, 0, 0]);
    expect(await checkout()).toMatchObject({
      Boot_Flags_Persistent: 'No',
      BIOS_Boot_Type: type,
      Boot_Device: 'PXE',
    });
  });

  test.each(devices)('--commit of %s, persistent', async (device, data2) => {
    await commit({ Boot_Flags_Persistent: 'Yes', BIOS_Boot_Type: 'PC-COMPATIBLE', Boot_Device: device });
    expect(await chassisOf(lab.bmc(0)).bootFlags()).toEqual([0xc0, data2, 0, 0, 0]);
    expect(await checkout()).toMatchObject({ Boot_Flags_Persistent: 'Yes', Boot_Device: device });
  });

  test('NO-OVERRIDE brings the order back that the domain had', async () => {
    await commit({ Boot_Device: 'NO-OVERRIDE' });
    expect(await checkout()).toMatchObject({ Boot_Device: 'NO-OVERRIDE' });
    expect(await domain.definition()).toBe(original);
  });

  test('MAAS deploys: PXE for one boot, then on or power cycle', async () => {
    await commit({ Boot_Flags_Persistent: 'No', Boot_Device: 'PXE' });
    const boots = domain.lines().length;
    const power = await lab.freeipmi('ipmipower', lab.bmc(0), ['--cycle', '--on-if-off'], maas);
    expect(power).toMatchObject({ exitCode: 0, stdout: expect.stringMatching(/: ok\n$/) as string });
    await lab.waitForSerial(domain.name, 'boot net0', state === 'shut off' ? 1 : 2);
    expect(domain.lines().slice(boots)).toEqual(['boot net0']);
    expect(await domain.definition()).toBe(original);
  });
});

test('a device that the BMC refuses is a failed commit, and nothing changes', async () => {
  const original = await domain.definition();
  const file = lab.libvirt.directory.write(
    'refused',
    'Section Chassis_Boot_Flags\n        Boot_Device    DIAGNOSTIC_PARTITION\nEndSection\n',
  );
  const result = await lab.freeipmi(
    'ipmi-chassis-config',
    lab.bmc(0),
    ['--commit', '--filename', file],
    maas,
  );
  expect(result.exitCode).toBe(1);
  expect(result.stderr).toContain('Failed to commit');
  expect(await domain.definition()).toBe(original);
});
