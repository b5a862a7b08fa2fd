/** A guest that reboots itself boots from the right device, and its QEMU process stays: nothing that runs is lost. */
import { unlinkSync } from 'node:fs';
import type { Lab } from '#lab/lab.ts';
import { startLabWithVirshStandIn } from '#lab/lab-with-virsh-stand-in.ts';
import type { VirshStandIn } from '#lab/virsh-stand-in.ts';
import { watchedDomain, type WatchedDomain } from '#lab/watched-domain.ts';
import { waitFor } from '#support/wait-for.ts';

const osBoot = {
  boot: ['hd', 'cdrom', 'network'],
  cdrom: true,
  floppy: true,
  networkCards: [true, true],
} as const;
const perDevice = {
  boot: 'per-device',
  disk: 2,
  cdrom: 4,
  floppy: true,
  networkCards: [{ mute: 1 }, 3],
} as const;

let lab: Lab;
let virsh: VirshStandIn;
beforeAll(async () => {
  ({ lab, virsh } = await startLabWithVirshStandIn({
    domains: [osBoot, perDevice, osBoot, perDevice, osBoot, osBoot],
  }));
});
afterAll(async () => {
  await lab.stop();
});

async function chassis(index: number, ...args: string[]): Promise<string> {
  const result = await lab.ipmitool(lab.bmc(index), ['chassis', ...args]);
  expect(result).toMatchObject({ exitCode: 0, stderr: '' });
  return result.stdout;
}

/** Waits until the guest has said exactly this since it had said `before`. */
async function says(domain: WatchedDomain, before: readonly string[], ...lines: string[]): Promise<void> {
  await waitFor(`${domain.name} to say ${lines.join(', ')}`, () => {
    const now = domain.lines();
    if (now.join() !== [...before, ...lines].join()) throw new Error(now.join());
    return true;
  });
}

async function unused(index: number): Promise<boolean> {
  return (await chassis(index, 'bootparam', 'get', '5')).includes('Boot Flag Valid');
}

/** Attaches a disk that only the running domain has. */
async function attachLive({ name }: WatchedDomain): Promise<string> {
  const file = lab.libvirt.directory.write(`guests/${name}/live`, Buffer.alloc(1024 * 1024));
  await lab.libvirt.virsh('attach-disk', name, file, 'vdb', '--live', '--subdriver', 'raw');
  return file;
}

interface Fault {
  readonly what: string;
  readonly index: number;
  readonly happen: (domain: WatchedDomain) => Promise<void> | void;
  readonly end?: () => Promise<void>;
}

/** After each of them a start would fail. */
const faults: readonly Fault[] = [
  {
    what: 'the ISO image is removed',
    index: 0,
    happen: ({ name }) => {
      unlinkSync(`${lab.libvirt.directory.path}/guests/${name}/cdrom`);
    },
  },
  {
    what: 'the host has not the memory for another start',
    index: 1,
    happen: async ({ name }) => {
      await lab.libvirt.virsh('setmaxmem', name, '900000000', '--config');
      await lab.libvirt.virsh('setmem', name, '900000000', '--config');
    },
  },
  {
    what: 'libvirtd restarts at that moment',
    index: 2,
    happen: () => lab.libvirt.daemon.stop(),
    end: () => lab.libvirt.daemon.start(),
  },
];

test.each(faults)('after a one-shot boot, $what: the guest reboots into its own order', async (fault) => {
  const { index } = fault;
  const domain = watchedDomain(lab, index);
  const original = await domain.definition();
  await chassis(index, 'bootdev', 'cdrom');
  await chassis(index, 'power', 'on');
  await says(domain, [], 'boot cdrom');
  expect(await domain.definition()).toBe(original);
  const pid = domain.pid();
  const file = await attachLive(domain);

  await fault.happen(domain);
  await lab.guest(index).type('r');
  await says(domain, ['boot cdrom'], 'guest reboot', 'boot disk');
  await fault.end?.();
  await waitFor('the domain to be reported as running', async () => (await domain.state()) === 'running');
  expect(domain.pid()).toBe(pid);
  expect(await lab.libvirt.virsh('domblklist', domain.name)).toContain(file);
  expect(await chassis(index, 'power', 'status')).toContain('is on');
  await lab.guest(index).type('r');
  await says(domain, ['boot cdrom', 'guest reboot', 'boot disk'], 'guest reboot', 'boot disk');
  expect(domain.pid()).toBe(pid);
});

const styles: [style: string, index: number, pxe: string, own: string][] = [
  ['<os><boot>', 4, 'boot net0', 'boot disk'],
  // Its first card has nothing to boot: order 1 falls through to the disk's order 2.
  ['per-device orders', 3, 'boot net1', 'boot disk'],
];
describe.each(styles)('%s: a device that is set while the domain runs', (_style, index, pxe, own) => {
  const devices = [
    ['pxe', pxe],
    ['cdrom', 'boot cdrom'],
    ['floppy', 'boot floppy'],
    ['disk', 'boot disk'],
  ] as const;
  let domain: WatchedDomain;
  let original: string;
  let pid: number | undefined;
  let said: string[];
  beforeAll(async () => {
    domain = watchedDomain(lab, index);
    original = await domain.definition();
    await domain.bringTo('running');
    pid = domain.pid();
  });
  beforeEach(() => {
    said = domain.lines();
  });
  afterEach(async () => {
    expect(domain.pid()).toBe(pid);
    expect(await domain.definition()).toBe(original);
  });

  test.each(devices)('%s: the guest reboots into it, once', async (device, line) => {
    await chassis(index, 'bootdev', device);
    await lab.guest(index).type('r');
    await says(domain, said, 'guest reboot', line);
    await waitFor('the override to be gone', async () => !(await unused(index)));
    await lab.guest(index).type('r');
    await says(domain, said, 'guest reboot', line, 'guest reboot', own);
  });

  const [network, , floppy] = devices;
  test.each([network, floppy])(
    '%s: power reset boots from it, once, and so does virsh reset',
    async (device, line) => {
      await chassis(index, 'bootdev', device);
      await chassis(index, 'power', 'reset');
      await says(domain, said, line);
      expect(await unused(index)).toBe(false);
      await chassis(index, 'power', 'reset');
      await says(domain, said, line, own);
      await chassis(index, 'bootdev', device);
      await lab.libvirt.virsh('reset', domain.name);
      await says(domain, said, line, own, line);
      await waitFor('the override to be gone', async () => !(await unused(index)));
      await lab.libvirt.virsh('reset', domain.name);
      await says(domain, said, line, own, line, own);
    },
  );

  test('a persistent one, for each reboot until it is taken back', async () => {
    await chassis(index, 'bootdev', 'cdrom', 'options=persistent');
    for (let reboot = 0; reboot < 3; reboot += 1) {
      const before = domain.lines();
      await lab.guest(index).type('r');
      await says(domain, before, 'guest reboot', 'boot cdrom');
    }
    await chassis(index, 'bootdev', 'none');
    said = domain.lines();
    await lab.guest(index).type('r');
    await says(domain, said, 'guest reboot', own);
  });

  test('one that is taken back before the guest reboots', async () => {
    await chassis(index, 'bootdev', 'cdrom');
    await chassis(index, 'bootdev', 'none');
    await lab.guest(index).type('r');
    await says(domain, said, 'guest reboot', own);
  });

  test('a worker that dies before it is used leaves it armed', async () => {
    const worker = async (): Promise<number | null | undefined> =>
      (await lab.vbmcList()).find(({ name, status }) => name === domain.name && status === 'running')?.pid;
    const before = await worker();
    await chassis(index, 'bootdev', 'cdrom');
    process.kill(before ?? 0, 'SIGKILL');
    await waitFor('another worker', async () => ![before, null, undefined].includes(await worker()));
    await waitFor('it to answer', () => unused(index));
    await lab.guest(index).type('r');
    await says(domain, said, 'guest reboot', 'boot cdrom');
    await waitFor('the override to be gone', async () => !(await unused(index)));
    await lab.guest(index).type('r');
    await says(domain, said, 'guest reboot', 'boot cdrom', 'guest reboot', own);
  });
});

describe('what a running QEMU cannot be told', () => {
  const INDEX = 5;
  let domain: WatchedDomain;
  beforeAll(() => {
    domain = watchedDomain(lab, INDEX);
  });
  afterEach(() => {
    virsh.behave('as-usual');
  });

  test('libvirt refuses the monitor: the guest stays up, and the log says what it boots from', async () => {
    virsh.behave('without-monitor');
    await chassis(INDEX, 'bootdev', 'cdrom');
    await chassis(INDEX, 'power', 'on');
    await says(domain, [], 'boot cdrom');
    const pid = domain.pid();
    await lab.guest(INDEX).type('r');
    await says(domain, ['boot cdrom'], 'guest reboot', 'boot cdrom');
    await waitFor('the log to say so', () =>
      lab.vbmcd
        .log()
        .includes(
          'the running domain keeps the boot order that it had: virsh qemu-monitor-command: access denied',
        ),
    );
    await waitFor('the log to name the remedy', () =>
      lab.vbmcd
        .log()
        .includes('rebooted with the boot device cdDvd: it follows its definition only after a power cycle'),
    );
    expect(domain.pid()).toBe(pid);
    await chassis(INDEX, 'power', 'cycle');
    await says(domain, ['boot cdrom', 'guest reboot', 'boot cdrom'], 'boot disk');
  });

  test('firmware setup: power reset keeps a process that has more than its definition', async () => {
    await domain.bringTo('running');
    const file = await attachLive(domain);
    const said = domain.lines();
    const pid = domain.pid();
    await chassis(INDEX, 'bootdev', 'bios');
    await chassis(INDEX, 'power', 'reset');
    await says(domain, said, 'boot disk');
    expect(domain.pid()).toBe(pid);
    expect(lab.vbmcd.log()).toContain('only the running domain has disk:vdb, and a restart would remove it');
    expect(await unused(INDEX)).toBe(true);
    expect(await lab.libvirt.virsh('domblklist', domain.name)).toContain(file);
    await chassis(INDEX, 'bootdev', 'none');
  });

  test('firmware setup: power reset starts another process otherwise', async () => {
    await domain.bringTo('shut off');
    await domain.bringTo('running');
    const pid = domain.pid();
    await chassis(INDEX, 'bootdev', 'bios');
    await chassis(INDEX, 'power', 'reset');
    expect(await domain.state()).toBe('running');
    expect([pid, undefined]).not.toContain(domain.pid());
    expect(await unused(INDEX)).toBe(false);
  });
});
