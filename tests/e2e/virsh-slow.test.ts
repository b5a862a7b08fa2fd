/**
 * A `virsh` that takes 3.5 s: a client that sends again causes no second execution, and the BMC keeps answering. And one whose start
 * ends when the domain is off again.
 */
import { getChassisStatus, getDeviceId } from '@vbmc/ipmi-codec';
import { waitFor } from '#support/wait-for.ts';
import { chassisOf } from '#support/clients/chassis.ts';
import { describeDurations, printFigure } from '#support/figures.ts';
import type { Lab } from '#lab/lab.ts';
import { startLabWithVirshStandIn } from '#lab/lab-with-virsh-stand-in.ts';
import { startSteadyRequests } from '#support/clients/steady-requests.ts';
import type { VirshStandIn } from '#lab/virsh-stand-in.ts';
import { watchedDomain, type WatchedDomain } from '#lab/watched-domain.ts';

const NODE_BUSY = 0xc0;
/** As busy pollers as there are, and yet the computer has time for the domain. */
const PAUSE_MS = 20;

let lab: Lab;
let virsh: VirshStandIn;
let domain: WatchedDomain;

beforeAll(async () => {
  ({ lab, virsh } = await startLabWithVirshStandIn());
  domain = watchedDomain(lab, 0);
});
afterAll(async () => {
  await lab.stop();
});
beforeEach(async () => {
  virsh.behave('as-usual');
  await domain.bringTo('running');
  virsh.forgetCalls();
  virsh.behave('slow');
});

/** Until the worker has started the `virsh` that changes something. */
function underWay(verb: string): Promise<unknown> {
  return waitFor(`virsh ${verb} to be under way`, () => virsh.calls().includes(verb));
}

test('ipmitool sends a reset again and again: it happens once; a power cycle meanwhile: C0h', async () => {
  const pid = domain.pid();
  const boots = domain.lines().length;
  const bmc = lab.bmc(0);
  const reset = lab.ipmitool(bmc, ['power', 'reset'], { retryIntervalSeconds: 1, tries: 5 });
  await underWay('reset');
  const [identity, status] = [
    await startSteadyRequests(bmc, getDeviceId, PAUSE_MS),
    await startSteadyRequests(bmc, getChassisStatus, PAUSE_MS),
  ];
  expect(await chassisOf(bmc).control('powerCycle')).toBe(NODE_BUSY);
  const powerCycle = await lab.ipmitool(bmc, ['power', 'cycle']);
  expect(powerCycle.exitCode).toBe(1);
  expect(powerCycle.stderr).toMatch(/Node busy/i);

  expect(await reset).toMatchObject({ exitCode: 0, stdout: 'Chassis Power Control: Reset\n' });
  const [identities, states] = [await identity.stop(), await status.stop()];
  expect(virsh.calls()).toEqual(['reset']);
  await waitFor('the guest to boot', () => domain.lines().length === boots + 1);
  expect(domain.pid()).toBe(pid);
  expect(await domain.state()).toBe('running');

  const { durationMs } = await reset;
  printFigure(
    'ipmitool -N 1 -R 5 power reset with a virsh of 3.5 s, resets made',
    String(virsh.calls().length),
  );
  printFigure(
    'ipmitool -N 1 -R 5 power reset with a virsh of 3.5 s, done after',
    `${durationMs.toFixed(0)} ms`,
  );
  printFigure('meanwhile Get Device ID', describeDurations(identities.durationsMs));
  printFigure('meanwhile power status', describeDurations(states.durationsMs));
  expect(durationMs).toBeGreaterThanOrEqual(3_500);
  for (const { failures, retransmissions, durationsMs } of [identities, states]) {
    expect({ failures, retransmissions }).toEqual({ failures: [], retransmissions: 0 });
    // Not one of them waited for the reset that was under way.
    expect(Math.max(...durationsMs)).toBeLessThan(durationMs);
  }
});

test('a power off that is sent four times ends the domain once', async () => {
  // 1 s between two datagrams of the same request: three more before the first is answered.
  expect(await chassisOf(lab.bmc(0), { retransmitAfterMs: 1_000 }).control('powerDown')).toBe(0);
  expect(virsh.calls()).toEqual(['destroy']);
  expect(await domain.state()).toBe('shut off');
});

test('a guest that switches the machine off before the BMC has looked: the power on has happened', async () => {
  virsh.behave('as-usual');
  await domain.bringTo('shut off');
  virsh.behave('lingers');
  const boots = domain.lines().filter((line) => line === 'boot disk').length;
  const chassis = chassisOf(lab.bmc(0), { retransmitAfterMs: 100_000, deadlineMs: 100_000 });
  const answer = chassis.control('powerUp');
  await lab.waitForSerial(domain.name, 'boot disk', boots + 1);
  await lab.guest(0).type('o');
  expect(await answer).toBe(0);
  expect(await lab.libvirt.virsh('domstate', '--reason', domain.name)).toBe('shut off (shutdown)\n\n');
  expect(await chassis.power()).toBe('off');
  const { stdout } = await lab.ipmitool(lab.bmc(0), ['chassis', 'status']);
  expect(stdout).toMatch(/^Power Control Fault +: false$/m);
  expect(stdout).toMatch(/^Last Power Event +: command$/m);
});
