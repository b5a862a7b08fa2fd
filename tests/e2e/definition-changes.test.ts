/** Other programs change a domain's definition under a live BMC: what the BMC says of it is the new definition's. */
import { randomUUID } from 'node:crypto';
import { waitFor } from '#support/wait-for.ts';
import { startLab, type Lab } from '#lab/lab.ts';
import { watchedDomain } from '#lab/watched-domain.ts';

let lab: Lab;
beforeAll(async () => {
  lab = await startLab({
    domains: [
      { boot: ['hd', 'cdrom', 'network'], cdrom: true, networkCards: [true] },
      { boot: ['hd', 'cdrom', 'network'], cdrom: true, networkCards: [true] },
    ],
  });
  await makeSnapshotable(1);
});
afterAll(async () => {
  await lab.stop();
});

/** Snapshots are kept in the disk's image, which has to be of a format that can. */
async function makeSnapshotable(index: number): Promise<void> {
  const definition = await watchedDomain(lab, index).definition();
  const disk = /<source file='([^']+disk)'/.exec(definition)?.[1] ?? '';
  await lab.libvirt.run('qemu-img', ['convert', '-O', 'qcow2', disk, `${disk}.qcow2`]);
  const [before = '', after = ''] = definition.split(`<source file='${disk}'`);
  await define(
    `${before.replace(/type='raw'(?=[^]*$)/, "type='qcow2'")}<source file='${disk}.qcow2'${after}`,
  );
}

async function ipmitool(index: number, ...args: string[]): Promise<string> {
  const result = await lab.ipmitool(lab.bmc(index), args);
  expect(result).toMatchObject({ exitCode: 0, stderr: '' });
  return result.stdout;
}

async function bootFlags(index: number): Promise<string> {
  const text = await ipmitool(index, 'chassis', 'bootparam', 'get', '5');
  const device = /Boot Device Selector : (.+)/.exec(text)?.[1];
  const lifetime = /Options apply to (?:only )?(.+)/.exec(text)?.[1];
  return device !== NONE && text.includes('Boot Flag Valid') ? `${device}, ${lifetime}` : `${device}`;
}

async function define(definition: string): Promise<void> {
  await lab.libvirt.virsh('define', lab.libvirt.directory.write('definition.xml', definition));
}

const CDROM_ONCE = 'Force Boot from CD/DVD, next boot';
const CDROM_ALWAYS = 'Force Boot from CD/DVD, all future boots';
const NONE = 'No override';

test.each([
  ['a one-shot override', [], CDROM_ONCE],
  ['a persistent override', ['options=persistent'], CDROM_ALWAYS],
] as const)('%s that virsh define overwrites is not told any more', async (_what, options, flags) => {
  const domain = watchedDomain(lab, 0);
  const original = await domain.definition();
  await ipmitool(0, 'chassis', 'bootdev', 'cdrom', ...options);
  expect(await bootFlags(0)).toBe(flags);
  await define(original);
  expect(await bootFlags(0)).toBe(NONE);
  expect(await domain.definition()).toBe(original);
});

test('an override that another program defines is told, boots once and is taken back', async () => {
  const domain = watchedDomain(lab, 0);
  const original = await domain.definition();
  await ipmitool(0, 'chassis', 'bootdev', 'cdrom');
  const armed = await domain.definition();
  await ipmitool(0, 'chassis', 'bootdev', 'none');
  expect(await bootFlags(0)).toBe(NONE);
  await define(armed);
  expect(await bootFlags(0)).toBe(CDROM_ONCE);
  await lab.libvirt.virsh('start', domain.name);
  await lab.waitForSerial(domain.name, 'boot cdrom');
  await waitFor('the override to be taken back', async () => (await domain.definition()) === original);
  expect(await bootFlags(0)).toBe(NONE);
  await lab.libvirt.virsh('destroy', domain.name);
  await lab.libvirt.virsh('start', domain.name);
  await lab.waitForSerial(domain.name, 'boot disk');
  await lab.libvirt.virsh('destroy', domain.name);
});

test('the domain runs when another program defines the override that it was started with: it is taken back', async () => {
  const domain = watchedDomain(lab, 0);
  const original = await domain.definition();
  await ipmitool(0, 'chassis', 'bootdev', 'cdrom');
  const armed = await domain.definition();
  await ipmitool(0, 'chassis', 'power', 'on');
  expect(await domain.definition()).toBe(original);
  await define(armed);
  await waitFor('the override to be taken back', async () => (await domain.definition()) === original);
  expect(await bootFlags(0)).toBe(NONE);
  await lab.libvirt.virsh('destroy', domain.name);
});

test('a snapshot that is reverted to brings its override back', async () => {
  const name = 'node-1';
  await ipmitool(1, 'chassis', 'bootdev', 'cdrom', 'options=persistent');
  await lab.libvirt.virsh('snapshot-create-as', name, 'with-override');
  await ipmitool(1, 'chassis', 'bootdev', 'none');
  await lab.libvirt.virsh('snapshot-create-as', name, 'without');
  expect(await bootFlags(1)).toBe(NONE);
  await lab.libvirt.virsh('snapshot-revert', name, 'with-override');
  expect(await bootFlags(1)).toBe(CDROM_ALWAYS);
  await lab.libvirt.virsh('snapshot-revert', name, 'without');
  expect(await bootFlags(1)).toBe(NONE);
});

test('a new domain of the same name has its own GUID, power state and boot flags', async () => {
  const domain = watchedDomain(lab, 0);
  const definition = await domain.definition();
  await ipmitool(0, 'chassis', 'bootdev', 'cdrom', 'options=persistent');
  await lab.libvirt.virsh('undefine', domain.name);
  // The domain is gone, and the BMC does not say that it is off.
  const { stderr } = await lab.ipmitool(lab.bmc(0), ['chassis', 'power', 'status']);
  expect(stderr).toContain('Requested sensor, data, or record not found');
  const uuid = randomUUID();
  await define(definition.replace(/<uuid>.*<\/uuid>/, `<uuid>${uuid}</uuid>`));
  expect(await ipmitool(0, 'mc', 'guid')).toContain(`System GUID   : ${uuid}\n`);
  expect(await bootFlags(0)).toBe(NONE);
  expect(await ipmitool(0, 'chassis', 'power', 'status')).toBe('Chassis Power is off\n');
});

test('renamed away: the old name is not told as off', async () => {
  await lab.libvirt.virsh('snapshot-delete', 'node-1', 'with-override');
  await lab.libvirt.virsh('snapshot-delete', 'node-1', 'without');
  await lab.libvirt.virsh('domrename', 'node-1', 'node-9');
  const { stderr } = await lab.ipmitool(lab.bmc(1), ['chassis', 'power', 'status']);
  expect(stderr).toContain('Requested sensor, data, or record not found');
  await lab.libvirt.virsh('domrename', 'node-9', 'node-1');
  expect(await ipmitool(1, 'chassis', 'power', 'status')).toBe('Chassis Power is off\n');
});
