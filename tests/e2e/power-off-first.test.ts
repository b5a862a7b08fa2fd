/** A power off gets through, whatever else hangs on the domain: fencing depends on it. libvirt says what became of the domain. */
import { waitFor } from '#support/wait-for.ts';
import { chassisOf } from '#support/clients/chassis.ts';
import { findProgram } from '#lab/lab-environment.ts';
import type { Lab } from '#lab/lab.ts';
import { startLabWithVirshStandIn } from '#lab/lab-with-virsh-stand-in.ts';
import type { VirshStandIn } from '#lab/virsh-stand-in.ts';
import { watchedDomain, type WatchedDomain } from '#lab/watched-domain.ts';

const NODE_BUSY = 0xc0;
const NOT_IN_PRESENT_STATE = 0xd5;
/** libvirt gives a QEMU that does not react 10 s before it kills it. */
const PATIENCE_MS = 40_000;

let lab: Lab;
let virsh: VirshStandIn;
let domain: WatchedDomain;

beforeAll(async () => {
  ({ lab, virsh } = await startLabWithVirshStandIn({
    domains: [{ boot: ['hd', 'network'], networkCards: [true] }],
  }));
  domain = watchedDomain(lab, 0);
});
afterAll(async () => {
  await lab.stop();
});

function patient(): ReturnType<typeof chassisOf> {
  return chassisOf(lab.bmc(0), { deadlineMs: PATIENCE_MS });
}

/** QEMU stopped, as one that waits for its storage: nothing that needs its monitor comes back. */
async function stopQemu(state: 'running' | 'paused'): Promise<void> {
  await domain.bringTo(state);
  process.kill(domain.pid() ?? NaN, 'SIGSTOP');
}

/** As one of two cluster nodes that fence the third: its agent's exit code; ipmitool's where the agent is not installed. */
async function fence(): Promise<number | undefined> {
  const { address, port, username, password } = lab.bmc(0);
  const agent = findProgram('fence_ipmilan');
  if (agent === undefined) {
    const patience = { retryIntervalSeconds: 5, tries: 6, timeoutMs: 2 * PATIENCE_MS };
    return (await lab.ipmitool(lab.bmc(0), ['power', 'off'], patience)).exitCode;
  }
  const target = [`--ip=${address}`, `--ipport=${port}`, '--lanplus', '--action=off', '--power-timeout=40'];
  const login = [`--username=${username}`, `--password=${password}`];
  return (await lab.libvirt.run(agent, [...target, ...login], { timeoutMs: 2 * PATIENCE_MS })).exitCode;
}

async function waitForCall(verb: string): Promise<void> {
  await waitFor(`virsh ${verb} to be under way`, async () => {
    const { stdout } = await lab.libvirt.run('ps', ['-eo', 'args']);
    return stdout.split('\n').some((line) => line.includes('virsh') && line.includes(` ${verb} `));
  });
}

test('while a soft shutdown hangs in the monitor of a QEMU that stands still', async () => {
  await stopQemu('running');
  const soft = patient().control('softShutdown');
  await waitForCall('shutdown');
  expect(await patient().setBootFlags(0x80, 0x04)).toBe(NODE_BUSY);

  const offs = [1, 2, 3].map(() => patient().control('powerDown'));
  expect(await soft).toBe(NOT_IN_PRESENT_STATE);
  expect(await Promise.all(offs)).toEqual([0, 0, 0]);
  expect(await domain.state()).toBe('shut off');

  expect(await patient().control('powerUp')).toBe(0);
  expect(await domain.state()).toBe('running');
});

test('for two fencing agents at the same moment', async () => {
  await stopQemu('running');
  const soft = patient().control('softShutdown');
  await waitForCall('shutdown');
  expect(await Promise.all([fence(), fence()])).toEqual([0, 0]);
  expect(await soft).toBe(NOT_IN_PRESENT_STATE);
  expect(await domain.state()).toBe('shut off');
});

test('while a power on hangs in the monitor', async () => {
  await stopQemu('paused');
  const on = patient().control('powerUp');
  await waitForCall('resume');

  expect(await patient().control('powerDown')).toBe(0);
  expect(await domain.state()).toBe('shut off');
  expect(await on).toBe(NOT_IN_PRESENT_STATE);
});

test('while a boot device is being set by a virsh that hangs', async () => {
  await domain.bringTo('running');
  virsh.behave('hangs');
  const bootDevice = patient().setBootFlags(0x80, 0x04);
  await waitFor('the virsh that hangs', () => virsh.processesLeft().length > 0);
  virsh.behave('as-usual');

  expect(await patient().control('powerDown')).toBe(0);
  expect(await domain.state()).toBe('shut off');
  expect(await bootDevice).toBe(NOT_IN_PRESENT_STATE);
});
