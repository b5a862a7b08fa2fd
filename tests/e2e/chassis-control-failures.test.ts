/** Each obstacle to a command has its own completion code and a line in the log. */
import { chmodSync } from 'node:fs';
import { type ChassisControl, chassisControl } from '@vbmc/ipmi-codec';
import { setTimeout as sleep } from 'node:timers/promises';
import { waitFor } from '#support/wait-for.ts';
import { chassisOf } from '#support/clients/chassis.ts';
import { startLab, type Lab } from '#lab/lab.ts';
import { watchedDomain, type WatchedDomain } from '#lab/watched-domain.ts';

const controls = Object.keys(chassisControl) as ChassisControl[];
const [DOMAIN_NOT_FOUND, UNREACHABLE, REFUSED, NOT_EXPRESSIBLE] = [0xcb, 0xc0, 0xd4, 0xcc] as const;
const LOST = 0xd3;
/** Valid, one-shot, legacy; PXE. */
const pxeOnce = [0x80, 0x04] as const;

let lab: Lab;
let domain: WatchedDomain;
function chassis(): ReturnType<typeof chassisOf> {
  return chassisOf(lab.bmc(0));
}

beforeAll(async () => {
  lab = await startLab({
    domains: [{ boot: ['hd', 'network'], networkCards: [true] }],
    // With a socket named, no client starts a session daemon that is missing: as with the system's.
    vbmcd: ({ connectionUri, daemon }) => ({
      inventoryKeys: { libvirt_uri: `${connectionUri}?socket=${daemon.socket}` },
    }),
  });
  domain = watchedDomain(lab, 0);
});
afterAll(async () => {
  await lab.stop();
});

/** Each of the commands that change a domain gets this answer, and its log line says why. */
async function everythingIsAnswered(code: number, why: RegExp): Promise<void> {
  const logged = lab.vbmcd.log().length;
  for (const control of controls)
    expect([control, await chassis().control(control)]).toEqual([control, code]);
  expect(await chassis().setBootFlags(...pxeOnce)).toBe(code);
  await waitFor('a log line for each', () => {
    const lines = lab.vbmcd.log().slice(logged).split('\n');
    return lines.filter((line) => why.test(line)).length >= controls.length + 1;
  });
}

/** A domain that is `running` obeys again. */
async function resets(): Promise<void> {
  const [pid, boots] = [domain.pid(), domain.lines().length];
  expect(await chassis().control('hardReset')).toBe(0);
  await waitFor('the guest to boot', () => domain.lines().length === boots + 1);
  expect(domain.pid()).toBe(pid);
}

test('a domain that is undefined while vbmcd runs: CBh; defined again, it is found again', async () => {
  const definition = lab.libvirt.directory.write('node-0.xml', await domain.definition());
  await lab.libvirt.virsh('undefine', domain.name);
  await everythingIsAnswered(DOMAIN_NOT_FOUND, /failed to get domain.*virsh list --all/);
  await waitFor('the BMC to know', async () => (await chassis().power()) === DOMAIN_NOT_FOUND);

  await lab.libvirt.virsh('define', definition);
  expect(await chassis().control('powerUp')).toBe(0);
  expect(await domain.state()).toBe('running');
  expect(await chassis().power()).toBe('on');
  await lab.waitForSerial(domain.name, 'boot disk');
});

test('a domain that is undefined while it runs: what it could not come back from is refused', async () => {
  await domain.bringTo('running');
  const definition = lab.libvirt.directory.write('node-0.xml', await domain.definition());
  await lab.libvirt.virsh('undefine', domain.name);
  const pid = domain.pid();
  expect(await chassis().control('powerCycle')).toBe(NOT_EXPRESSIBLE);
  expect(await chassis().setBootFlags(...pxeOnce)).toBe(NOT_EXPRESSIBLE);
  expect(domain.pid()).toBe(pid);
  expect(await lab.libvirt.virsh('dominfo', domain.name)).toMatch(/^Persistent: +no$/m);
  await resets();
  expect(await chassis().control('powerDown')).toBe(0);
  expect(domain.pid()).toBeUndefined();
  expect(await chassis().control('powerUp')).toBe(DOMAIN_NOT_FOUND);
  await lab.libvirt.virsh('define', definition);
  await domain.bringTo('running');
});

test('libvirt is not there: C0h, and the domain lives on; it comes back: as before', async () => {
  await domain.bringTo('running');
  const pid = domain.pid();
  await lab.libvirt.daemon.stop();
  try {
    await everythingIsAnswered(UNREACHABLE, /failed to connect to the hypervisor.*check libvirt_uri/);
    await waitFor('the BMC to know', async () => (await chassis().power()) === UNREACHABLE);
    // One of the texts for which Ironic asks again.
    expect((await lab.ipmitool(lab.bmc(0), ['power', 'on'])).stderr).toContain('Node busy');
  } finally {
    await lab.libvirt.daemon.start();
  }
  expect(domain.pid()).toBe(pid);
  await resets();
  await waitFor('the BMC to know', async () => (await chassis().power()) === 'on');
});

/** What a reset is answered during which libvirt dies, so long after virsh was started for it. */
async function resetThatLibvirtDiesOf(pid: number, afterMs: number): Promise<number | undefined> {
  // The reset hangs in the monitor of a QEMU that stands still.
  process.kill(pid, 'SIGSTOP');
  const reset = chassis().control('hardReset');
  await waitFor('virsh reset to be under way', async () => {
    const { stdout } = await lab.libvirt.run('ps', ['-eo', 'args']);
    return stdout.split('\n').some((line) => /^virsh .* reset --domain /.test(line));
  });
  await sleep(afterMs);
  await lab.libvirt.daemon.stop('SIGKILL');
  try {
    return await reset;
  } finally {
    process.kill(pid, 'SIGCONT');
    await lab.libvirt.daemon.start();
  }
}

test('libvirt dies while it resets a machine: D3h, because another reset could be the second', async () => {
  await domain.bringTo('running');
  const pid = domain.pid() ?? NaN;
  let code: number | undefined;
  for (const afterMs of [500, 2_000, 5_000]) {
    code = await resetThatLibvirtDiesOf(pid, afterMs);
    // On a slow machine virsh may not have reached libvirt yet; then nothing was reset, and that is the answer.
    if (code !== UNREACHABLE) break;
    await waitFor('the BMC to know', async () => (await chassis().power()) === 'on');
  }
  expect(code).toBe(LOST);
  await waitFor('its log line', () => /power reset.*ask for the power status/.test(lab.vbmcd.log()));
  expect(domain.pid()).toBe(pid);
  await resets();
});

test('libvirt refuses the user of vbmcd: D4h', async () => {
  const { socket } = lab.libvirt.daemon;
  chmodSync(socket, 0o000);
  try {
    await everythingIsAnswered(REFUSED, /Permission denied.*check the polkit rule/);
  } finally {
    chmodSync(socket, 0o700);
  }
  await resets();
});
