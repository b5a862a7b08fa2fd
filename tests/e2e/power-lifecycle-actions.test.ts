/**
 * The power commands on domains that libvirt is told to treat otherwise than by default when their guest reboots, powers off
 * or panics: `<on_reboot>`, `<on_poweroff>`, `<on_crash>`. libvirt's QEMU driver takes `destroy` and `restart`, for a panic
 * `preserve` too; it refuses to define `preserve` and `rename-restart` elsewhere, and `destroy` for a reboot together with
 * `restart` for a power off.
 *
 * A sample; all combinations with `npm run test:power-table`.
 */
import type { ChassisControl } from '@vbmc/ipmi-codec';
import { waitFor } from '#support/wait-for.ts';
import { chassisOf } from '#support/clients/chassis.ts';
import { startLab, type Lab } from '#lab/lab.ts';
import { watchedDomain, type ReachableState, type WatchedDomain } from '#lab/watched-domain.ts';

interface Actions {
  readonly on_reboot: 'destroy' | 'restart';
  readonly on_poweroff: 'destroy' | 'restart';
  readonly on_crash: 'destroy' | 'restart' | 'preserve';
}

const NOT_IN_PRESENT_STATE = 0xd5;
const RUNS_ALL = process.env['POWER_TABLE'] === 'all';
const rebootsAndPowerOffs: readonly Omit<Actions, 'on_crash'>[] = [
  { on_reboot: 'destroy', on_poweroff: 'destroy' },
  { on_reboot: 'restart', on_poweroff: 'destroy' },
  { on_reboot: 'restart', on_poweroff: 'restart' },
];
const all = rebootsAndPowerOffs.flatMap((actions) =>
  (['destroy', 'restart', 'preserve'] as const).map((on_crash): Actions => ({ ...actions, on_crash })),
);
const sample: readonly Actions[] = [
  { on_reboot: 'destroy', on_poweroff: 'destroy', on_crash: 'destroy' },
  { on_reboot: 'destroy', on_poweroff: 'destroy', on_crash: 'preserve' },
  { on_reboot: 'restart', on_poweroff: 'restart', on_crash: 'restart' },
];

let lab: Lab;
let domain: WatchedDomain;

beforeAll(async () => {
  lab = await startLab({ domains: [{ panicDevice: true, boot: ['hd'] }] });
  domain = watchedDomain(lab, 0);
});
afterAll(async () => {
  await lab.stop();
});

function boots(): number {
  return domain.lines().filter((line) => line === 'boot disk').length;
}

/** Carries the control out in this state, and waits for what the domain comes to. */
async function expectAfter(
  control: ChassisControl,
  before: ReachableState,
  after: ReachableState,
  newBoots: 0 | 1,
): Promise<void> {
  await domain.bringTo(before);
  const bootsBefore = boots();
  expect({ control, code: await chassisOf(lab.bmc(0)).control(control) }).toEqual({ control, code: 0 });
  // A guest that was asked to shut down takes its moment; everything else is so when it is answered.
  if (control !== 'softShutdown') expect(await domain.state()).toBe(after);
  await waitFor(`${newBoots} boots`, () => boots() === bootsBefore + newBoots);
  await lab.waitForDomstate(domain.name, after);
}

describe.each(RUNS_ALL ? all : sample)(
  'on_reboot $on_reboot, on_poweroff $on_poweroff, on_crash $on_crash',
  (actions) => {
    beforeAll(async () => {
      await domain.bringTo('shut off');
      let xml = await domain.definition();
      for (const [name, action] of Object.entries(actions))
        xml = xml.replace(new RegExp(`<${name}>.*</${name}>`), `<${name}>${action}</${name}>`);
      await lab.libvirt.defineDomain(xml);
    });

    test('reset boots the machine, and it stays on', async () => {
      await expectAfter('hardReset', 'running', 'running', 1);
      await expectAfter('hardReset', 'paused', 'running', 1);
    });

    if (actions.on_reboot === 'destroy') {
      test('reset is refused while the running domain has a disk that a restart would lose', async () => {
        await domain.bringTo('running');
        const pid = domain.pid();
        const file = lab.libvirt.directory.write(`hot-${actions.on_crash}.raw`, Buffer.alloc(1024 * 1024));
        await lab.libvirt.virsh('attach-disk', domain.name, file, 'vdb', '--live', '--subdriver', 'raw');

        expect(await chassisOf(lab.bmc(0)).control('hardReset')).toBe(NOT_IN_PRESENT_STATE);
        expect(domain.pid()).toBe(pid);
        expect(await lab.libvirt.virsh('domblklist', domain.name)).toContain(file);
        expect(lab.vbmcd.log()).toMatch(/power reset by .*only the running domain has .*vdb/);

        await expectAfter('powerCycle', 'running', 'running', 1);
        expect(await lab.libvirt.virsh('domblklist', domain.name)).not.toContain(file);
      });
    }

    test('cycle boots the machine', async () => {
      await expectAfter('powerCycle', 'running', 'running', 1);
    });

    test('soft ends it, or boots it where a power off of the guest restarts it', async () => {
      const restarts = actions.on_poweroff === 'restart';
      await expectAfter('softShutdown', 'running', restarts ? 'running' : 'shut off', restarts ? 1 : 0);
    });

    test('off ends it, on boots it', async () => {
      await expectAfter('powerDown', 'running', 'shut off', 0);
      await expectAfter('powerUp', 'shut off', 'running', 1);
    });

    if (actions.on_crash === 'preserve') {
      test.each(['hardReset', 'powerCycle'] as const)('%s boots it after a panic', async (control) => {
        await expectAfter(control, 'crashed', 'running', 1);
      });

      test('on leaves a machine that has panicked as it is', async () => {
        await expectAfter('powerUp', 'crashed', 'crashed', 0);
      });
    }
  },
);
