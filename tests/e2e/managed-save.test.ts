/** A managed save image (`virsh managedsave`) and the power commands: whether the guest goes on, or boots. */
import { chassisOf } from '#support/clients/chassis.ts';
import { showBmc } from '#support/clients/show-bmc.ts';
import { startLab, type Lab } from '#lab/lab.ts';
import { watchedDomain, type WatchedDomain } from '#lab/watched-domain.ts';
import { waitFor } from '#support/wait-for.ts';

let lab: Lab;
let domain: WatchedDomain;

beforeAll(async () => {
  lab = await startLab({ domains: [{ boot: ['hd', 'network'], networkCards: [true] }] });
  domain = watchedDomain(lab, 0);
});
afterAll(async () => {
  await lab.stop();
});
beforeEach(async () => {
  await domain.bringTo('running');
  await lab.libvirt.virsh('managedsave', domain.name);
  expect(await hasImage()).toBe(true);
});

async function hasImage(): Promise<boolean> {
  return /^Managed save: +yes$/m.test(await lab.libvirt.virsh('dominfo', domain.name));
}
async function reason(): Promise<string> {
  return (await lab.libvirt.virsh('domstate', '--reason', domain.name)).trim();
}

test('power off discards it, and power on boots', async () => {
  const boots = domain.lines().length;
  expect(await chassisOf(lab.bmc(0)).control('powerDown')).toBe(0);
  expect(await hasImage()).toBe(false);
  expect(await chassisOf(lab.bmc(0)).control('powerUp')).toBe(0);
  expect(await reason()).toBe('running (booted)');
  await waitFor('the guest to boot', () => domain.lines().slice(boots).join() === 'boot disk');
});

test('show and doctor say that it is there, and what a power on does', async () => {
  expect(await showBmc(lab, domain.name)).toMatchObject({ managedSave: true });
  expect((await lab.vbmcd.vbmc('show', domain.name, '--details')).stdout).toMatch(
    /^saved: .*power on resumes it/m,
  );
  const doctor = await lab.vbmcd.vbmc('doctor');
  expect(doctor).toMatchObject({ exitCode: 0 });
  expect(doctor.stdout).toMatch(/^warning +\[node-0\]: .*power on resumes it/m);

  await lab.libvirt.virsh('start', domain.name);
  await waitFor('the image to be gone', async () => (await showBmc(lab, domain.name)).managedSave === false);
  expect((await lab.vbmcd.vbmc('doctor')).stdout).not.toContain('managed save');
});

test('power on resumes it', async () => {
  expect(await chassisOf(lab.bmc(0)).control('powerUp')).toBe(0);
  expect(await reason()).toBe('running (restored)');
});

test('power on resumes it, even if the machine was paused when it was saved', async () => {
  const boots = domain.lines().length;
  await lab.libvirt.virsh('start', domain.name);
  await lab.libvirt.virsh('suspend', domain.name);
  await lab.libvirt.virsh('managedsave', domain.name);
  expect(await chassisOf(lab.bmc(0), { deadlineMs: 60_000 }).control('powerUp')).toBe(0);
  expect(await reason()).toBe('running (unpaused)');
  expect(domain.lines()).toHaveLength(boots);
});

test('power on with a boot device pending boots from there, and the image is gone', async () => {
  const boots = domain.lines().length;
  const chassis = chassisOf(lab.bmc(0));
  expect(await chassis.setBootFlags(0x80, 0x04)).toBe(0);
  expect(await chassis.control('powerUp')).toBe(0);
  expect(await reason()).toBe('running (booted)');
  await waitFor('the guest to boot', () => domain.lines().slice(boots).join() === 'boot net0');
  expect(await hasImage()).toBe(false);
  await waitFor('the boot flags to be used up', async () => ((await chassis.bootFlags())[0] ?? 0x80) < 0x80);
});
