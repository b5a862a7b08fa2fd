/** Boot options read back as they were set, on a running domain and on one that is off. Impossible ones are refused. */
import { waitFor } from '#support/wait-for.ts';
import { chassisOf } from '#support/clients/chassis.ts';
import { startLab, type Lab } from '#lab/lab.ts';
import { watchedDomain, type WatchedDomain } from '#lab/watched-domain.ts';

let lab: Lab;
beforeAll(async () => {
  lab = await startLab({
    domains: [
      { boot: ['hd', 'cdrom', 'network'], cdrom: true, floppy: true, networkCards: [true] },
      { boot: 'per-device', disk: 1, networkCards: [2] },
      { boot: ['hd', 'network'], networkCards: [true] },
    ],
  });
});
afterAll(async () => {
  await lab.stop();
});

async function ipmitool(index: number, ...args: string[]): Promise<string> {
  const result = await lab.ipmitool(lab.bmc(index), args);
  expect(result).toMatchObject({ exitCode: 0, stderr: '' });
  return result.stdout;
}

/**
 * Sets a device with each of the options, and reads it back as bytes and as text: one run of ipmitool, one answer for
 * each of the options.
 */
async function bootdevAndReadBack(device: string): Promise<string[]> {
  const commands = options.flatMap(([option]) => [
    ['chassis', 'bootdev', device, ...option],
    ['raw', '0x00', '0x09', '0x05', '0x00', '0x00'],
    ['chassis', 'bootparam', 'get', '5'],
  ]);
  const text = commands.map((words) => `${words.join(' ')}\n`).join('');
  const answers = await ipmitool(0, 'exec', lab.libvirt.directory.write('ipmitool-commands', text));
  return answers.split(`Set Boot Device to ${device}\n`).slice(1);
}

/** The definition without our metadata, which tells of every order. */
function withoutOurs(definition: string): string {
  return definition.replace(/<metadata>[^]*<\/metadata>/, '');
}
function bootDevices(definition: string): string {
  return Array.from(withoutOurs(definition).matchAll(/<boot dev='(\w+)'\/>/g), ([, device]) => device).join(
    ' ',
  );
}

/** ipmitool's word, data 2 of the boot flags, ipmitool's words for what it reads, and `<os><boot>`. */
const devices: [device: string, data2: number, words: string, order: string][] = [
  ['pxe', 0x04, 'Force PXE', 'network hd cdrom'],
  ['disk', 0x08, 'Force Boot from default Hard-Drive', 'hd cdrom network'],
  ['safe', 0x0c, 'Force Boot from default Hard-Drive, request Safe-Mode', 'hd cdrom network'],
  ['cdrom', 0x14, 'Force Boot from CD/DVD', 'cdrom hd network'],
  ['bios', 0x18, 'Force Boot into BIOS Setup', 'hd cdrom network'],
  ['floppy', 0x3c, 'Force Boot from Floppy/primary removable media', 'fd hd cdrom network'],
];
/** ipmitool's options, data 1 of the boot flags, and ipmitool's words for what it reads. */
const options: [option: string[], data1: number, words: string[]][] = [
  [[], 0x80, ['next boot', 'PC Compatible']],
  [['options=persistent'], 0xc0, ['all future boots', 'PC Compatible']],
  [['options=efiboot'], 0xa0, ['next boot', 'EFI']],
  [['options=persistent,efiboot'], 0xe0, ['all future boots', 'EFI']],
];

describe.each(['shut off', 'running'] as const)('a domain that is %s', (state) => {
  let domain: WatchedDomain;
  let original: string;
  let pid: number | undefined;
  beforeAll(async () => {
    domain = watchedDomain(lab, 0);
    await domain.bringTo(state);
    original = await domain.definition();
    pid = domain.pid();
  });
  afterEach(() => {
    expect(domain.pid()).toBe(pid);
  });

  test.each(devices)('ipmitool chassis bootdev %s', async (device, data2, deviceWords, order) => {
    const answers = await bootdevAndReadBack(device);
    expect(answers).toHaveLength(options.length);
    for (const [at, [, data1, words]] of options.entries()) {
      const bytes = [data1, data2].map((byte) => byte.toString(16).padStart(2, '0')).join(' ');
      const wanted = [` 01 05 ${bytes} 00 00 00\n`, 'Boot Flag Valid', ...words];
      for (const each of [...wanted, `Boot Device Selector : ${deviceWords}\n`])
        expect(answers[at]).toContain(each);
    }
    const definition = withoutOurs(await domain.definition());
    expect(bootDevices(definition)).toBe(order);
    expect(definition.includes("<bootmenu enable='yes' timeout='65535'/>")).toBe(device === 'bios');
  });

  test.each(['none', 'none options=persistent'])(
    'bootdev %s brings the order back that the domain had',
    async (words) => {
      await ipmitool(0, 'chassis', 'bootdev', 'cdrom', 'options=persistent');
      await ipmitool(0, 'chassis', 'bootdev', ...words.split(' '));
      expect(await domain.definition()).toBe(original);
      expect(await ipmitool(0, 'chassis', 'bootparam', 'get', '5')).toContain(
        'Boot Device Selector : No override',
      );
    },
  );

  test('the raw bytes that ipmiutil sends: verbose display and password bypass', async () => {
    await ipmitool(0, 'raw', '0x00', '0x08', '0x05', '0x80', '0x04', '0x48', '0x00', '0x00');
    expect(await ipmitool(0, 'raw', '0x00', '0x09', '0x05', '0x00', '0x00')).toBe(' 01 05 80 04 48 00 00\n');
    expect(bootDevices(await domain.definition())).toBe('network hd cdrom');
    await ipmitool(0, 'chassis', 'bootdev', 'none');
    expect(await domain.definition()).toBe(original);
  });

  test('the raw bytes that Ironic sends', async () => {
    await ipmitool(0, 'raw', '0x00', '0x08', '0x03', '0x08');
    expect(await ipmitool(0, 'raw', '0x00', '0x09', '0x03', '0x00', '0x00')).toBe(' 01 03 08\n');
    for (const data1 of ['e0', 'a0']) {
      await ipmitool(0, 'raw', '0x00', '0x08', '0x05', `0x${data1}`, '0x04', '0x00', '0x00', '0x00');
      expect(await ipmitool(0, 'raw', '0x00', '0x09', '0x05', '0x00', '0x00')).toBe(
        ` 01 05 ${data1} 04 00 00 00\n`,
      );
      expect(bootDevices(await domain.definition())).toBe('network hd cdrom');
    }
    await ipmitool(0, 'raw', '0x00', '0x08', '0x05', '0x80', '0x00', '0x00', '0x00', '0x00');
    await ipmitool(0, 'raw', '0x00', '0x08', '0x03', '0x00');
    expect(await domain.definition()).toBe(original);
  });
});

describe('a persistent device', () => {
  test('stays for one boot after another, until it is changed', async () => {
    const domain = watchedDomain(lab, 0);
    await domain.bringTo('shut off');
    const original = await domain.definition();
    await ipmitool(0, 'chassis', 'bootdev', 'cdrom', 'options=persistent');
    const said = domain.lines().length;
    await ipmitool(0, 'chassis', 'power', 'on');
    await lab.waitForSerial(domain.name, 'boot cdrom', 1);
    await ipmitool(0, 'chassis', 'power', 'reset');
    await lab.waitForSerial(domain.name, 'boot cdrom', 2);
    await ipmitool(0, 'chassis', 'power', 'cycle');
    await lab.waitForSerial(domain.name, 'boot cdrom', 3);
    expect(await chassisOf(lab.bmc(0)).bootFlags()).toEqual([0xc0, 0x14, 0, 0, 0]);
    await ipmitool(0, 'chassis', 'bootdev', 'none');
    expect(await domain.definition()).toBe(original);
    await ipmitool(0, 'chassis', 'power', 'reset');
    await waitFor('the guest to boot once more', () => domain.lines().length === said + 4);
    expect(domain.lines().slice(said)).toEqual(['boot cdrom', 'boot cdrom', 'boot cdrom', 'boot disk']);
  });
});

describe('refused with CCh, and nothing changes', () => {
  const refused: [what: string, index: number, bytes: number[]][] = [
    ['the diagnostic partition', 0, [0x80, 0x10]],
    ['a remote hard drive', 0, [0x80, 0x2c]],
    ['the primary remote medium', 0, [0x80, 0x24]],
    ['a reserved selector', 0, [0x80, 0x28]],
    ['a device with CMOS clear', 0, [0x80, 0x84]],
    ['a device with a locked keyboard', 0, [0x80, 0x44]],
    ['a reserved bit of data 1', 0, [0x81, 0x04]],
    ['a device with a locked power button', 0, [0x80, 0x04, 0x80]],
    ['a floppy, per-device orders and no such drive', 1, [0x80, 0x3c]],
    ['a CD-ROM, per-device orders and no such drive', 1, [0xc0, 0x14]],
    ['a floppy, an order of classes and no such drive', 2, [0x80, 0x3c]],
    ['a CD-ROM, an order of classes and no such drive', 2, [0xc0, 0x14]],
  ];
  test.each(refused)('%s', async (_what, index, bytes) => {
    const domain = watchedDomain(lab, index);
    const chassis = chassisOf(lab.bmc(index));
    expect(await chassis.setBootFlags(0xc0, 0x04)).toBe(0);
    const before = await domain.definition();
    expect(await chassis.setBootFlags(...bytes)).toBe(0xcc);
    expect(await domain.definition()).toBe(before);
    expect(await chassis.bootFlags()).toEqual([0xc0, 0x04, 0, 0, 0]);
  });

  test('the log says why', async () => {
    expect(await chassisOf(lab.bmc(2)).setBootFlags(0xc0, 0x14)).toBe(0xcc);
    await waitFor('the line in the log', () => lab.vbmcd.log().includes('the domain has no CD-ROM drive'));
  });

  test('ipmitool says so', async () => {
    // Its exit code is 0 all the same (1.8.19).
    const { stderr } = await lab.ipmitool(lab.bmc(1), ['chassis', 'bootdev', 'floppy']);
    expect(stderr).toContain('Invalid data field in request');
  });
});
