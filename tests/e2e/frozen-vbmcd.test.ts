/** A vbmcd that stands still, and goes on: Get Chassis Status is true again after a while. No test relies on how long. */
import { startLab, type Lab } from '#lab/lab.ts';
import { watchedDomain } from '#lab/watched-domain.ts';
import { chassisOf } from '#support/clients/chassis.ts';
import { showBmc } from '#support/clients/show-bmc.ts';
import { describeDurations, printFigure } from '#support/figures.ts';
import { waitFor } from '#support/wait-for.ts';

let lab: Lab;
beforeAll(async () => {
  lab = await startLab({ domains: 1 });
});
afterAll(async () => {
  await lab.stop();
});

test('power status follows the domain while vbmcd stands still, and after', async () => {
  const { name } = watchedDomain(lab, 0);
  const chassis = chassisOf(lab.bmc(0));
  const told = async (powerState: 'on' | 'off'): Promise<number> => {
    const begin = performance.now();
    await waitFor(`the BMC to say ${powerState}`, async () => {
      const said = await chassis.power();
      if (said !== powerState) throw new Error(String(said));
      return true;
    });
    return performance.now() - begin;
  };
  const watchKnows = async (powerState: 'on' | 'off'): Promise<void> => {
    await waitFor('the watch to tell the state', async () => {
      const { power } = await showBmc(lab, name);
      return power?.source === 'watch' && power.powerState === powerState;
    });
  };
  const untilTrueMs: number[] = [];
  // So that there is a memory which could be wrong.
  await watchKnows('off');
  expect(await chassis.power()).toBe('off');

  process.kill(lab.vbmcd.pid, 'SIGSTOP');
  try {
    await lab.libvirt.virsh('start', name);
    untilTrueMs.push(await told('on'));
    expect(await lab.domstate(name)).toBe('running');
    await lab.libvirt.virsh('destroy', name);
    untilTrueMs.push(await told('off'));
    expect(await lab.domstate(name)).toBe('shut off');
  } finally {
    process.kill(lab.vbmcd.pid, 'SIGCONT');
  }

  // It reads what it has missed, and the BMC answers from its memory again.
  await lab.libvirt.virsh('start', name);
  await told('on');
  await watchKnows('on');
  expect(await chassis.power()).toBe('on');
  printFigure('SIGSTOP of vbmcd, a change by virsh is told after', describeDurations(untilTrueMs));
});
