/** A real live migration between two libvirt daemons, each with a vbmcd of its own, and back. */
import { chassisOf } from '#support/clients/chassis.ts';
import { ipmiClients } from '#support/clients/ipmi-clients.ts';
import { waitFor } from '#support/wait-for.ts';
import { memoryWriterImage } from '#lab/boot-media.ts';
import type { LabBmc } from '#lab/inventory-text.ts';
import { startLab, type Lab } from '#lab/lab.ts';
import { startPrivateLibvirt, type PrivateLibvirt } from '#lab/private-libvirt.ts';
import type { CommandResult } from '#lab/run-command.ts';
import { planBmcs, startLabVbmcd, type LabVbmcd } from '#lab/vbmcd.ts';

const NAME = 'node-0';
/** Its migration lasts as long as the test wants. */
const BUSY = 'node-1';
const NOT_IN_PRESENT_STATE = 0xd5;
const DOMAIN_NOT_FOUND = 0xcb;
const TIMEOUT = 0xc3;
const host = { name: 'vbmc-lab-there', uuid: '7f1e6b2a-0c7b-4b0e-9f5a-2f6f6f4f1b01' } as const;

/** Two QEMU at once under emulation: an answer may take its time. */
const patient = { deadlineMs: 60_000 } as const;

let here: Lab;
let there: PrivateLibvirt;
let vbmcdThere: LabVbmcd;
let bmcThere: LabBmc;
let busyThere: LabBmc;

beforeAll(async () => {
  here = await startLab({ domains: 2 });
  here.libvirt.directory.write(`guests/${BUSY}/disk`, memoryWriterImage());
  there = await startPrivateLibvirt({ hypervisor: 'qemu', host });
  vbmcdThere = await startLabVbmcd(there, await planBmcs([NAME, BUSY]));
  const [bmc, busy] = vbmcdThere.bmcs;
  if (bmc === undefined || busy === undefined) throw new Error('there is no BMC there');
  [bmcThere, busyThere] = [bmc, busy];
});
afterAll(async () => {
  await there.stop();
  await here.stop();
});

async function reason(libvirt: PrivateLibvirt, name = NAME): Promise<string> {
  return (await libvirt.virsh('domstate', '--reason', name)).trim();
}

/** The two daemons share the disk, which libvirt cannot know: hence `--unsafe`. */
function migration(to: PrivateLibvirt, name: string, ...options: string[]): string[] {
  return [
    ...['migrate', '--live', '--persistent', '--unsafe', ...options, '--domain', name],
    ...['--desturi', `qemu+unix:///session?socket=${to.daemon.socket}`],
    ...['--migrateuri', `unix://${to.directory.path}/migration.sock`],
  ];
}

async function migrate(from: PrivateLibvirt, to: PrivateLibvirt, ...options: string[]): Promise<void> {
  await from.virsh(...migration(to, NAME, ...options));
}

/** Every command is refused, and nothing is done about it. */
async function refusesAll(bmc: LabBmc): Promise<void> {
  const chassis = chassisOf(bmc, patient);
  await waitFor('the BMC to know', async () => (await chassis.power()) === NOT_IN_PRESENT_STATE);
  for (const control of ['powerUp', 'powerDown', 'powerCycle', 'hardReset', 'softShutdown'] as const)
    expect([control, await chassis.control(control)]).toEqual([control, NOT_IN_PRESENT_STATE]);
}

test('before it, the BMC there knows no such domain', async () => {
  expect(await chassisOf(here.bmc(0), patient).control('powerUp')).toBe(0);
  await here.waitForSerial(NAME, 'boot disk');
  expect(await chassisOf(bmcThere, patient).power()).toBe(DOMAIN_NOT_FOUND);
});

test('after it, the BMC here neither says off nor starts a second copy, and the one there serves', async () => {
  await migrate(here.libvirt, there);
  expect(await reason(here.libvirt)).toBe('shut off (migrated)');
  expect(await reason(there)).toMatch(/^running/);
  const logged = here.vbmcd.log().length;
  await refusesAll(here.bmc(0));
  const ipmitool = await here.ipmitool(here.bmc(0), ['power', 'on']);
  expect(ipmitool.exitCode).toBe(1);
  expect(ipmitool.stderr).toContain('Command not supported in present state');
  expect(here.vbmcd.log().slice(logged)).toContain('was migrated away to another host');
  expect(await reason(here.libvirt)).toBe('shut off (migrated)');

  await waitFor('the BMC there to know', async () => (await chassisOf(bmcThere, patient).power()) === 'on');
  expect((await ipmiClients(there).ipmitool(bmcThere, ['chassis', 'status'])).stdout).toMatch(
    /^Last Power Event +: *$/m,
  );
  expect(await chassisOf(bmcThere, patient).control('hardReset')).toBe(0);
  await here.waitForSerial(NAME, 'boot disk', 2);
});

test('back again, it is the other way round', async () => {
  await migrate(there, here.libvirt);
  expect(await reason(there)).toBe('shut off (migrated)');
  await refusesAll(bmcThere);
  await waitFor('the BMC here to know', async () => (await chassisOf(here.bmc(0), patient).power()) === 'on');
  expect(await chassisOf(here.bmc(0), patient).control('powerDown')).toBe(0);
  expect(await here.domstate(NAME)).toBe('shut off');
  expect(await chassisOf(here.bmc(0), patient).control('powerUp')).toBe(0);
  await here.waitForSerial(NAME, 'boot disk', 3);
});

test('undefined by the migration, the domain is gone here', async () => {
  await migrate(here.libvirt, there, '--undefinesource');
  await waitFor(
    'the BMC to know',
    async () => (await chassisOf(here.bmc(0), patient).power()) === DOMAIN_NOT_FOUND,
  );
  expect(await chassisOf(here.bmc(0), patient).control('powerUp')).toBe(DOMAIN_NOT_FOUND);
  await waitFor('the BMC there to know', async () => (await chassisOf(bmcThere, patient).power()) === 'on');
  expect(await chassisOf(bmcThere, patient).control('powerDown')).toBe(0);
  expect((await there.virsh('domstate', NAME)).trim()).toBe('shut off');
});

describe('while it is under way', () => {
  let migrating: Promise<CommandResult>;

  beforeAll(async () => {
    expect(await chassisOf(here.bmc(1), patient).control('powerUp')).toBe(0);
    await here.waitForSerial(BUSY, 'writing');
    const { connectionUri } = here.libvirt;
    // The least that libvirt takes, in MiB/s.
    const slowly = migration(there, BUSY, '--bandwidth', '1');
    migrating = here.libvirt.run('virsh', ['-c', connectionUri, ...slowly], { timeoutMs: 240_000 });
    await waitFor(
      'the memory to be copied',
      async () => (await reason(there, BUSY)) === 'paused (migrating)',
    );
    await waitFor(
      'the BMC there to know',
      async () => (await chassisOf(busyThere, patient).power()) === 'on',
    );
  });

  async function isUnderWay(): Promise<void> {
    expect(await reason(there, BUSY)).toBe('paused (migrating)');
    expect(await reason(here.libvirt, BUSY)).toMatch(/^running/);
    expect(await here.libvirt.virsh('domjobinfo', BUSY)).toMatch(/^Operation: +Outgoing migration/m);
  }

  test.each(['powerUp', 'powerCycle', 'hardReset', 'softShutdown', 'diagnosticInterrupt'] as const)(
    'the BMC there refuses %s: the copy there must not run yet',
    async (control) => {
      expect(await chassisOf(busyThere, patient).control(control)).toBe(NOT_IN_PRESENT_STATE);
      await isUnderWay();
    },
  );

  test('the BMC here says on, has nothing to switch on, and a reset that libvirt does not carry out is no success', async () => {
    const chassis = chassisOf(here.bmc(1), patient);
    expect(await chassis.power()).toBe('on');
    expect(await chassis.control('powerUp')).toBe(0);
    expect(await chassis.control('hardReset')).toBe(TIMEOUT);
    await isUnderWay();
    expect(here.serialLog(BUSY).split('writing').length - 1).toBe(1);
  });

  test('power off here ends both copies', async () => {
    expect(await chassisOf(here.bmc(1), patient).control('powerDown')).toBe(0);
    expect(await reason(here.libvirt, BUSY)).toBe('shut off (destroyed)');
    expect((await migrating).exitCode).toBe(1);
    await waitFor(
      'the copy there to go',
      async () => !(await there.virsh('list', '--all', '--name')).includes(BUSY),
    );
    await waitFor(
      'the BMC there to know',
      async () => (await chassisOf(busyThere, patient).power()) === DOMAIN_NOT_FOUND,
    );
    expect(await chassisOf(here.bmc(1), patient).power()).toBe('off');
  });
});
