/** A client that gives up on a change: what it sees next is the truth, and the change happens once. libvirt says what happened. */
import { waitFor } from '#support/wait-for.ts';
import type { Lab } from '#lab/lab.ts';
import { startLabWithVirshStandIn } from '#lab/lab-with-virsh-stand-in.ts';
import type { VirshStandIn } from '#lab/virsh-stand-in.ts';
import { watchedDomain, type WatchedDomain } from '#lab/watched-domain.ts';
import { showBmc } from '#support/clients/show-bmc.ts';

/** Far longer than ipmitool waits with `-N 1 -R 1`. */
const DELAY_S = 12;
const impatient = { retryIntervalSeconds: 1, tries: 1 } as const;

let lab: Lab;
let virsh: VirshStandIn;
let domain: WatchedDomain;

beforeAll(async () => {
  ({ lab, virsh } = await startLabWithVirshStandIn({ domains: [{ boot: ['hd'] }] }));
  domain = watchedDomain(lab, 0);
});
afterAll(async () => {
  await lab.stop();
});
beforeEach(async () => {
  virsh.behave('as-usual');
  await domain.bringTo('running');
  virsh.delayDestroy(DELAY_S);
});

async function status(): Promise<string> {
  const { stdout, stderr } = await lab.ipmitool(lab.bmc(0), ['power', 'status']);
  return (stdout || stderr).trim();
}

test('a power cycle that ipmitool gives up on: on while it is on, C0h to another change, one cycle', async () => {
  const pid = domain.pid();
  const cycle = await lab.ipmitool(lab.bmc(0), ['power', 'cycle'], impatient);
  expect(cycle.exitCode).toBe(1);
  expect(cycle.stdout).toBe('');

  // The destroy has not begun to work, so this is the truth.
  expect(await status()).toBe('Chassis Power is on');
  for (const change of ['cycle', 'reset', 'on']) {
    const refused = await lab.ipmitool(lab.bmc(0), ['power', change]);
    expect(refused.exitCode).toBe(1);
    expect(refused.stderr).toMatch(/Node busy/i);
  }
  expect(virsh.calls()).toEqual(['destroy']);
  expect(domain.pid()).toBe(pid);

  await waitFor('the other half', () => virsh.calls().length === 2 && domain.pid() !== undefined, {
    timeoutMs: 60_000,
  });
  await lab.waitForDomstate(domain.name, 'running');
  expect(domain.pid()).not.toBe(pid);
  await waitFor('the BMC to say so', async () => (await status()) === 'Chassis Power is on');
  await waitFor(
    'the end of the command',
    async () => (await showBmc(lab, 'node-0')).domainActions.length > 0,
  );
  expect((await showBmc(lab, 'node-0')).domainActions.at(-1)).toMatchObject({
    ...{ description: 'power cycle', outcome: 'done', user: lab.bmc(0).username },
  });
  expect(virsh.calls()).toEqual(['destroy', 'start']);
  // Three refusals of one client because of one change.
  expect(lab.vbmcd.log().match(/refused \(node busy\), power cycle is under way/g)).toHaveLength(1);
});

test('a power off that ipmitool gives up on: on until it is off, and whoever asks again shares it', async () => {
  const off = await lab.ipmitool(lab.bmc(0), ['power', 'off'], impatient);
  expect(off.exitCode).toBe(1);
  expect(await status()).toBe('Chassis Power is on');
  expect(await domain.state()).toBe('running');

  const patient = await lab.ipmitool(lab.bmc(0), ['power', 'off'], { retryIntervalSeconds: 5, tries: 6 });
  expect(patient).toMatchObject({ exitCode: 0, stdout: 'Chassis Power Control: Down/Off\n' });
  expect(await domain.state()).toBe('shut off');
  expect(await status()).toBe('Chassis Power is off');
  expect(virsh.calls()).toEqual(['destroy']);
  const log = lab.vbmcd.log();
  expect(log.match(/power off by "\w+" from \S+: done in/g)).toHaveLength(2);
  expect(log.match(/done in \S+ s, shared with another client/g)).toHaveLength(1);
});
