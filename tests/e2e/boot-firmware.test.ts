/** The boot devices that boot-device.test.ts leaves out, on several firmwares. */
import { waitFor } from '#support/wait-for.ts';
import { startLab, type Lab } from '#lab/lab.ts';
import { watchedDomain, type WatchedDomain } from '#lab/watched-domain.ts';

let lab: Lab;
let domain: WatchedDomain;
let original: string;
beforeAll(async () => {
  lab = await startLab({ domains: [{ boot: ['network', 'hd'], floppy: true, networkCards: [true] }] });
  domain = watchedDomain(lab, 0);
  original = await domain.definition();
});
afterAll(async () => {
  await lab.stop();
});
beforeEach(async () => {
  if ((await domain.state()) !== 'shut off') await lab.libvirt.virsh('destroy', domain.name);
});

async function chassis(...args: string[]): Promise<void> {
  const result = await lab.ipmitool(lab.bmc(0), ['chassis', ...args]);
  expect(result).toMatchObject({ exitCode: 0, stderr: '' });
}

test.each([
  ['floppy', 'boot floppy'],
  ['safe', 'boot disk'],
  ['none', 'boot net0'],
])('%s: the guest says %s', async (device, line) => {
  const said = domain.lines();
  await chassis('bootdev', device);
  await chassis('power', 'on');
  await waitFor('the guest to boot', () => domain.lines().length > said.length);
  expect(domain.lines()).toEqual([...said, line]);
  expect(await domain.definition()).toBe(original);
});

test('bios: the firmware stops for a key, and boots what is chosen there', async () => {
  const said = domain.lines();
  await chassis('bootdev', 'bios');
  await chassis('power', 'on');
  expect(await domain.definition()).toBe(original);
  // SeaBIOS: Escape opens the boot menu, and a digit boots that entry of it: 2 is the second in the boot order. Without
  // a key it waits 65 s; from which moment on it takes keys cannot be seen from here, so they are typed until it does.
  await waitFor('the guest to boot', async () => {
    if (domain.lines().length > said.length) return true;
    await lab.libvirt.virsh('send-key', domain.name, 'KEY_ESC');
    await lab.libvirt.virsh('send-key', domain.name, 'KEY_2');
    return false;
  });
  // Not what would have booted by itself.
  expect(domain.lines().slice(said.length)).toEqual(['boot disk']);
});
