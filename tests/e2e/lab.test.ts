/** What the other end-to-end tests need: the private libvirt and the guest program. */
import { closeSync, existsSync, fstatSync, openSync, readdirSync, readFileSync, statSync } from 'node:fs';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { defineGuest, type Guest, type GuestOptions } from '#lab/guest.ts';
import { installApp } from '#lab/installed-app.ts';
import { startPrivateLibvirt, type PrivateLibvirt } from '#lab/private-libvirt.ts';
import { waitFor } from '#support/wait-for.ts';
import { startLab } from '#lab/lab.ts';

let libvirt: PrivateLibvirt;
beforeAll(async () => {
  libvirt = await startPrivateLibvirt({ hypervisor: 'qemu' });
});
afterAll(async () => {
  await libvirt.stop();
});

function lines(guest: Guest): string[] {
  return guest
    .serialLog()
    .split('\r\n')
    .filter((line) => line !== '');
}
function says(guest: Guest, ...expected: string[]): Promise<unknown> {
  return waitFor(`${guest.name} to say ${expected.join(', ')}`, () => {
    if (lines(guest).join() !== expected.join()) throw new Error(lines(guest).join());
    return true;
  });
}
async function domstate(name: string): Promise<string> {
  return (await libvirt.virsh('domstate', name)).trim();
}

test('a program that is installed again while another process loads it is whole to both', () => {
  const { vbmcd } = installApp(libvirt.directory);
  const text = readFileSync(vbmcd, 'utf8');
  const loading = openSync(vbmcd, 'r');
  installApp(libvirt.directory);
  // Node takes a file that has just been emptied for a program that does nothing: it exits with 0, and prints nothing.
  expect(fstatSync(loading).ino).not.toBe(statSync(vbmcd).ino);
  expect([readFileSync(loading, 'utf8'), readFileSync(vbmcd, 'utf8')]).toEqual([text, text]);
  closeSync(loading);
});

describe('the guest', () => {
  async function booted(name: string, options: GuestOptions = {}): Promise<Guest> {
    const guest = await defineGuest(libvirt, name, options);
    await libvirt.virsh('start', name);
    await waitFor('the guest to boot', () => lines(guest).length > 0);
    return guest;
  }

  test('says that it boots, and powers off when its power button is pressed', async () => {
    const guest = await booted('button');
    await libvirt.virsh('shutdown', 'button');
    await says(guest, 'boot disk', 'power button');
    await waitFor('the domain to end', async () => (await domstate('button')) === 'shut off');
  });

  test('reports a diagnostic interrupt and goes on', async () => {
    const guest = await booted('interrupt');
    await libvirt.virsh('inject-nmi', 'interrupt');
    await says(guest, 'boot disk', 'nmi');
    await libvirt.virsh('inject-nmi', 'interrupt');
    await says(guest, 'boot disk', 'nmi', 'nmi');
    expect(await domstate('interrupt')).toBe('running');
  });

  test('boots again after a reset', async () => {
    const guest = await booted('reset');
    await libvirt.virsh('reset', 'reset');
    await says(guest, 'boot disk', 'boot disk');
  });

  test('reboots itself when told to on its serial port', async () => {
    const guest = await booted('reboot');
    await guest.type('r');
    await says(guest, 'boot disk', 'guest reboot', 'boot disk');
  });

  test('ignores its power button when it hangs, and a reset brings it back', async () => {
    const guest = await booted('hang');
    await guest.type('x');
    await says(guest, 'boot disk', 'hung');
    await libvirt.virsh('shutdown', 'hang');
    await libvirt.virsh('reset', 'hang');
    await says(guest, 'boot disk', 'hung', 'boot disk');
  });

  test('has a serial port that virsh can be the console of', async () => {
    await booted('console', { serial: 'pty' });
    expect(await libvirt.virsh('ttyconsole', 'console')).toMatch(/^\/dev\/pts\/\d+$/m);
  });

  const bootCases: [name: string, expected: string, options: GuestOptions][] = [
    ['os-cdrom', 'boot cdrom', { boot: ['cdrom', 'hd'], cdrom: true }],
    ['os-floppy', 'boot floppy', { boot: ['fd', 'hd'], floppy: true }],
    ['os-network', 'boot net0', { boot: ['network', 'hd'], networkCards: [true, true] }],
    ['device-cdrom', 'boot cdrom', { boot: 'per-device', disk: 2, cdrom: 1 }],
    ['device-floppy', 'boot floppy', { boot: 'per-device', disk: 2, floppy: 1 }],
    ['device-network', 'boot net1', { boot: 'per-device', disk: 2, networkCards: [3, 1] }],
    ['device-disk', 'boot disk', { boot: 'per-device', disk: 1, networkCards: [2, 3], cdrom: 4 }],
  ];
  test.each(bootCases)('%s: says %s', async (name, expected, options) => {
    await says(await booted(name, options), expected);
  });
});

test('the daemon can go away and come back: clients fail meanwhile, domains live on', async () => {
  await defineGuest(libvirt, 'survivor');
  await libvirt.virsh('start', 'survivor');
  await libvirt.daemon.stop('SIGKILL');
  await expect(libvirt.virsh('list')).rejects.toThrow('failed to connect');
  await libvirt.daemon.start();
  expect(await domstate('survivor')).toBe('running');
});

test('vbmcd and the standard clients run in a lab', async () => {
  const lab = await startLab({ domains: 2 });
  try {
    const powerOn = await lab.ipmitool(lab.bmc(1), ['power', 'on']);
    expect(powerOn).toMatchObject({ exitCode: 0, stdout: expect.stringContaining('Up/On') as string });
    await lab.waitForSerial('node-1', 'boot disk');
    expect(await lab.freeipmi('ipmipower', lab.bmc(1), ['--stat'])).toMatchObject({ exitCode: 0 });
    expect(await lab.freeipmi('bmc-info', lab.bmc(0), [])).toMatchObject({ exitCode: 0 });
    expect(await lab.domstate('node-0')).toBe('shut off');
    expect((await lab.vbmcList()).map(({ powerState }) => powerState)).toEqual(['off', 'on']);
  } finally {
    await lab.stop();
  }
});

describe('the end of a lab leaves no process and no directory', () => {
  /** Processes whose environment or command line names the directory. */
  const processesOf = (directory: string): string[] =>
    readdirSync('/proc').filter((pid) => {
      if (!/^\d+$/.test(pid) || pid === String(process.pid)) return false;
      return ['environ', 'cmdline'].some((file) => {
        try {
          return readFileSync(`/proc/${pid}/${file}`, 'latin1').includes(directory);
        } catch {
          return false;
        }
      });
    });

  test('in good order, with a running domain', async () => {
    const other = await startPrivateLibvirt();
    const { path } = other.directory;
    await defineGuest(other, 'left-running');
    await other.virsh('start', 'left-running');
    // The daemon and the process around it, and QEMU.
    expect(processesOf(path).length).toBeGreaterThanOrEqual(2);
    await other.stop();
    expect(processesOf(path)).toEqual([]);
    expect(existsSync(path)).toBe(false);
  });

  test.each(['SIGINT', 'SIGHUP', 'SIGKILL'] as const)('when its owner gets %s', async (signal) => {
    const program = `
      import { startPrivateLibvirt } from './private-libvirt.ts';
      import { defineGuest } from './guest.ts';
      const libvirt = await startPrivateLibvirt();
      await defineGuest(libvirt, 'orphan');
      await libvirt.virsh('start', 'orphan');
      console.log(libvirt.directory.path);
      setInterval(() => {}, 1000);`;
    const owner = spawn(process.execPath, ['--import', 'tsx', '--input-type=module', '--eval', program], {
      cwd: join(import.meta.dirname, '../lab'),
      stdio: ['ignore', 'pipe', 'inherit'],
      env: { ...process.env, TSX_DISABLE_CACHE: '1' },
    });
    const [chunk] = (await once(owner.stdout, 'data')) as [Buffer];
    const path = chunk.toString().trim();
    expect(existsSync(path)).toBe(true);
    owner.kill(signal);
    await waitFor('everything to be gone', () => processesOf(path).length === 0 && !existsSync(path));
  });
});
