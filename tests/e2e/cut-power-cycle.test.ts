/**
 * A power cycle that is cut between its halves, on real QEMU: the machine is on again afterwards, unless somebody has decided
 * otherwise meanwhile. libvirt says what became of the domain.
 */
import { setTimeout as sleep } from 'node:timers/promises';
import type { ChassisControl } from '@vbmc/ipmi-codec';
import type { Lab } from '#lab/lab.ts';
import { startLabWithVirshStandIn } from '#lab/lab-with-virsh-stand-in.ts';
import { startLabVbmcd } from '#lab/vbmcd.ts';
import type { VirshStandIn } from '#lab/virsh-stand-in.ts';
import { watchedDomain, type WatchedDomain } from '#lab/watched-domain.ts';
import { chassisOf, type Chassis } from '#support/clients/chassis.ts';
import { showBmc } from '#support/clients/show-bmc.ts';
import { waitFor } from '#support/wait-for.ts';

const PATIENCE_MS = 60_000;

let lab: Lab;
let virsh: VirshStandIn;
let next = 0;

/** The second crash of a worker within a minute waits for its restart, so each test has a domain of its own. */
const DOMAINS = 12;

beforeAll(async () => {
  ({ lab, virsh } = await startLabWithVirshStandIn({
    domains: Array.from({ length: DOMAINS }, () => ({ boot: ['hd'], networkCards: [true] })),
  }));
});
afterAll(async () => {
  await lab.stop();
});
afterEach(() => {
  virsh.behave('as-usual');
});

interface Scene {
  readonly domain: WatchedDomain;
  readonly chassis: Chassis;
  readonly index: number;
}

async function running(): Promise<Scene> {
  const index = next;
  next += 1;
  const domain = watchedDomain(lab, index);
  await domain.bringTo('running');
  return { domain, index, chassis: chassisOf(lab.bmc(index), { deadlineMs: PATIENCE_MS }) };
}

function begin({ chassis }: Scene, control: ChassisControl = 'powerCycle'): Promise<number | string> {
  return chassis.control(control).catch((error: unknown) => String(error));
}

async function workerOf({ domain }: Scene): Promise<number> {
  const { pid } = (await lab.vbmcList()).find(({ name }) => name === domain.name) ?? {};
  if (typeof pid !== 'number') throw new Error(`${domain.name} has no worker`);
  return pid;
}

async function restartVbmcd(): Promise<void> {
  await lab.vbmcd.stop('SIGKILL');
  const bmcs = lab.vbmcd.bmcs;
  const vbmcd = await startLabVbmcd(lab.libvirt, bmcs, { path: virsh.path });
  lab = { ...lab, vbmcd, vbmcList: () => vbmcd.list() };
}

async function held(place: string): Promise<void> {
  await waitFor(`virsh to be ${place}`, () => virsh.calls().includes('held'));
}

function linesAbout({ domain }: Scene): string {
  return lab.vbmcd
    .log()
    .split('\n')
    .filter((line) => line.includes(domain.name))
    .join('\n');
}

test.each(['before destroy 1', 'after destroy 1', 'before start 1', 'after start 1'])(
  'libvirtd is killed for 3 s %s',
  async (place) => {
    const scene = await running();
    const isLost = place === 'before destroy 1';
    virsh.holdAt(place);
    const answer = begin(scene);
    await held(place);
    await lab.libvirt.daemon.stop('SIGKILL');
    for (const { pid } of virsh.processesLeft()) process.kill(pid, 'SIGTERM');
    virsh.behave('as-usual');
    await sleep(3_000);
    await lab.libvirt.daemon.start();
    // A destroy that never began is a failure, and nothing has happened.
    expect((await answer) === 0).toBe(!isLost);
    expect(await scene.domain.state()).toBe('running');
  },
);

describe.each([
  ['the worker', async (scene: Scene) => process.kill(await workerOf(scene), 'SIGKILL')],
  ['vbmcd', restartVbmcd],
] as const)('SIGKILL of %s', (_, kill) => {
  test.each(['after destroy 1', 'before start 1'])('%s', async (place) => {
    const scene = await running();
    virsh.holdAt(place);
    void begin(scene);
    await held(place);
    virsh.behave('as-usual');
    await kill(scene);
    await lab.waitForDomstate(scene.domain.name, 'running');
    await waitFor('the event about the second half', () =>
      /second half of a power cycle by "admin" from 127\.0\.0\.1:\d+: done/.test(linesAbout(scene)),
    );
    expect(linesAbout(scene)).toMatch(/power cycle by "admin" from 127\.0\.0\.1:\d+ was cut when/);
    await waitFor(
      'nothing to be owed',
      async () => (await showBmc(lab, scene.domain.name)).unfinishedChange === null,
    );
  });
});

test('a power off meanwhile wins, also over the next vbmcd', async () => {
  const scene = await running();
  virsh.holdAt('before start 1');
  const cycle = begin(scene);
  await held('before start 1');
  await lab.libvirt.daemon.stop('SIGKILL');
  for (const { pid } of virsh.processesLeft()) process.kill(pid, 'SIGTERM');
  virsh.behave('as-usual');
  await waitFor(
    'vbmcd to tell of it',
    async () => (await showBmc(lab, scene.domain.name)).unfinishedChange !== null,
  );
  const off = begin(scene, 'powerDown');
  await lab.libvirt.daemon.start();
  await cycle;
  await off;
  await waitFor('power off to be done', async () => (await begin(scene, 'powerDown')) === 0);
  await restartVbmcd();
  await sleep(5_000);
  expect(await scene.domain.state()).toBe('shut off');
  expect((await showBmc(lab, scene.domain.name)).unfinishedChange).toBeNull();
});

test('somebody starts and stops the domain meanwhile: it stays off', async () => {
  const scene = await running();
  virsh.holdAt('before start 1');
  void begin(scene);
  await held('before start 1');
  const worker = await workerOf(scene);
  process.kill(worker, 'SIGSTOP');
  await lab.libvirt.virsh('start', scene.domain.name);
  await lab.libvirt.virsh('destroy', scene.domain.name);
  virsh.behave('as-usual');
  process.kill(worker, 'SIGKILL');
  await waitFor('another worker', async () => (await workerOf(scene)) !== worker);
  await sleep(5_000);
  expect(await scene.domain.state()).toBe('shut off');
});

test('what libvirt refuses is told until the domain runs', async () => {
  const scene = await running();
  virsh.holdAt('before start 1');
  void begin(scene);
  await held('before start 1');
  const xml = await scene.domain.definition();
  await lab.libvirt.defineDomain(xml.replace(/<memory unit='KiB'>\d+/, "<memory unit='KiB'>4000000000000"));
  virsh.behave('as-usual');
  process.kill(await workerOf(scene), 'SIGKILL');
  const told = await waitFor('vbmcd to give it up', async () => {
    const { unfinishedChange } = await showBmc(lab, scene.domain.name);
    return unfinishedChange?.reason === null ? undefined : unfinishedChange;
  });
  expect(told).toMatchObject({ description: 'power cycle', user: 'admin' });
  const shown = await lab.vbmcd.vbmc('show', scene.domain.name, '--details');
  expect(shown.stdout).toMatch(/^cut: +power cycle by "admin" from .*the domain stays off: /m);
  expect(linesAbout(scene)).toContain('was cut and is not finished, the domain stays off');

  await lab.libvirt.defineDomain(xml);
  await lab.libvirt.virsh('start', scene.domain.name);
  await waitFor(
    'it to be told no more',
    async () => (await showBmc(lab, scene.domain.name)).unfinishedChange === null,
  );
});

test('the second half of a reset in a new process is owed likewise', async () => {
  const scene = await running();
  await lab.libvirt.virsh('destroy', scene.domain.name);
  const xml = await scene.domain.definition();
  const on = /<on_reboot>[a-z]+<\/on_reboot>/;
  await lab.libvirt.defineDomain(
    on.test(xml)
      ? xml.replace(on, '<on_reboot>destroy</on_reboot>')
      : xml.replace('<devices>', '<on_reboot>destroy</on_reboot><devices>'),
  );
  await scene.domain.bringTo('running');
  virsh.holdAt('before start 1');
  void begin(scene, 'hardReset');
  await held('before start 1');
  virsh.behave('as-usual');
  process.kill(await workerOf(scene), 'SIGKILL');
  await lab.waitForDomstate(scene.domain.name, 'running');
});
