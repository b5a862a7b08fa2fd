/**
 * A power cycle that is cut between its halves, on real QEMU: the machine is on again afterwards, unless somebody has decided
 * otherwise meanwhile. libvirt says what became of the domain. Each cause hits several domains at once, and each test has a domain of
 * its own: the second crash of a worker within a minute would wait for its restart.
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
const NODE_BUSY = 0xc0;

/** How long nothing must happen to a domain that has to stay as it is: longer than vbmcd needs to start, or to restart a worker. */
const QUIET_MS = 5_000;

interface Scene {
  readonly domain: WatchedDomain;
  readonly chassis: Chassis;
}

let lab: Lab;
let virsh: VirshStandIn;
let next = 0;

const DOMAINS = 13;

beforeAll(async () => {
  ({ lab, virsh } = await startLabWithVirshStandIn({
    domains: Array.from({ length: DOMAINS }, () => ({ boot: ['hd'], networkCards: [true] })),
  }));
});
afterAll(async () => {
  await lab.stop();
});

/** A domain that no other test has, running. */
async function running(): Promise<Scene> {
  const index = next;
  next += 1;
  const domain = watchedDomain(lab, index);
  await domain.bringTo('running');
  return { domain, chassis: chassisOf(lab.bmc(index), { deadlineMs: PATIENCE_MS }) };
}

async function allRunning(count: number): Promise<readonly Scene[]> {
  return Promise.all(Array.from({ length: count }, running));
}

function begin({ chassis }: Scene, control: ChassisControl = 'powerCycle'): Promise<number | string> {
  return chassis.control(control).catch((error: unknown) => String(error));
}

/**
 * Begins a power cycle, or `control`, on each domain. Resolves with the answers, by the names of the domains, when the virsh of each is
 * held at its place.
 */
async function beginAndHold(
  ...all: readonly (readonly [scene: Scene, place: string, control?: ChassisControl])[]
): Promise<ReadonlyMap<string, Promise<number | string>>> {
  virsh.holdAt(...all.map(([{ domain }, place]) => `${place} ${domain.name}`));
  const answers = new Map(all.map(([scene, , control]) => [scene.domain.name, begin(scene, control)]));
  for (const [{ domain }, place] of all)
    await waitFor(`virsh to be ${place}`, () => virsh.calls().includes(`held ${domain.name}`));
  return answers;
}

async function workerOf({ domain }: Scene): Promise<number> {
  const { pid } = (await lab.vbmcList()).find(({ name }) => name === domain.name) ?? {};
  if (typeof pid !== 'number') throw new Error(`${domain.name} has no worker`);
  return pid;
}

async function killLibvirtd(): Promise<void> {
  await lab.libvirt.daemon.stop('SIGKILL');
  for (const { pid } of virsh.processesLeft()) process.kill(pid, 'SIGTERM');
  virsh.behave('as-usual');
}

async function replaceVbmcd(): Promise<void> {
  await lab.vbmcd.stop('SIGKILL');
  virsh.behave('as-usual');
  const bmcs = lab.vbmcd.bmcs;
  const vbmcd = await startLabVbmcd(lab.libvirt, bmcs, { path: virsh.path });
  lab = { ...lab, vbmcd, vbmcList: () => vbmcd.list() };
}

function linesAbout({ domain }: Scene): string {
  return lab.vbmcd
    .log()
    .split('\n')
    .filter((line) => line.includes(domain.name))
    .join('\n');
}

async function isOwed({ domain }: Scene): Promise<boolean> {
  return (await showBmc(lab, domain.name)).unfinishedChange !== null;
}

/** The domain is on again, without help of its client, and that is told. */
async function isFinished(scene: Scene): Promise<void> {
  await lab.waitForDomstate(scene.domain.name, 'running');
  await waitFor('the event about the second half', () =>
    /second half of a power cycle by "admin" from 127\.0\.0\.1:\d+: done/.test(linesAbout(scene)),
  );
  expect(linesAbout(scene)).toMatch(/power cycle by "admin" from 127\.0\.0\.1:\d+ was cut when/);
  // The first attempt was made, and no later report of the domain watch was waited for.
  expect(linesAbout(scene)).not.toContain('is finished as soon as libvirt says');
  await waitFor('nothing to be owed', async () => !(await isOwed(scene)));
}

describe('libvirtd is killed for 3 s', () => {
  const places = ['before destroy 1', 'after destroy 1', 'before start 1', 'after start 1'] as const;
  const outcomes = new Map<string, { readonly answer: number | string; readonly state: string }>();
  let switchedOff: Scene;

  beforeAll(async () => {
    const [last, ...scenes] = await allRunning(places.length + 1);
    if (last === undefined) throw new Error('no domain is left');
    switchedOff = last;
    const cut = scenes.map((scene, index) => [scene, places[index] ?? ''] as const);
    const answers = await beginAndHold([switchedOff, 'before start 1'], ...cut);
    await killLibvirtd();
    await waitFor('vbmcd to tell of it', () => isOwed(switchedOff));
    const off = begin(switchedOff, 'powerDown');
    await sleep(3_000);
    await lab.libvirt.daemon.start();
    for (const [{ domain }, place] of cut)
      outcomes.set(place, { answer: (await answers.get(domain.name)) ?? '', state: await domain.state() });
    await off;
    await waitFor('power off to be done', async () => (await begin(switchedOff, 'powerDown')) === 0);
  });

  test.each(places)('%s', (place) => {
    const { answer, state } = outcomes.get(place) ?? {};
    // A destroy that never began is a failure, and nothing has happened.
    expect(answer === 0).toBe(place !== 'before destroy 1');
    expect(state).toBe('running');
  });

  test('a power off meanwhile wins, also over the next vbmcd', async () => {
    await replaceVbmcd();
    await sleep(QUIET_MS);
    expect(await switchedOff.domain.state()).toBe('shut off');
    expect(await isOwed(switchedOff)).toBe(false);
  });
});

describe('SIGKILL of vbmcd', () => {
  const cut = new Map<string, Scene>();
  let refused: { readonly scene: Scene; readonly machine: number | undefined; readonly answer: unknown };

  beforeAll(async () => {
    const [afterDestroy, beforeStart, scene] = await allRunning(3);
    if (afterDestroy === undefined || beforeStart === undefined || scene === undefined)
      throw new Error('no domain is left');
    cut.set('after destroy 1', afterDestroy).set('before start 1', beforeStart);
    const machine = scene.domain.pid();
    await beginAndHold([afterDestroy, 'after destroy 1'], [beforeStart, 'before start 1']);
    process.kill(lab.vbmcd.pid, 'SIGSTOP');
    refused = { scene, machine, answer: await begin(scene) };
    await replaceVbmcd();
  });

  test.each(['after destroy 1', 'before start 1'])('%s', async (place) => {
    const scene = cut.get(place);
    if (scene === undefined) throw new Error(place);
    await isFinished(scene);
  });

  test('while it stood still it noted nothing: a power cycle was refused, so that none was cut', async () => {
    const { scene, machine, answer } = refused;
    expect(answer).toBe(NODE_BUSY);
    await sleep(QUIET_MS);
    expect(await scene.domain.state()).toBe('running');
    expect(scene.domain.pid()).toBe(machine);
  });
});

describe('SIGKILL of the worker', () => {
  const scenes = new Map<string, Scene>();
  /** The definition of `scenes.get('refused')`, which libvirt takes no start of. */
  let definition = '';
  let workerBefore = 0;

  function scene(name: string): Scene {
    const found = scenes.get(name);
    if (found === undefined) throw new Error(name);
    return found;
  }

  /** A guest that resets itself would be off then, so a reset by the BMC needs a new process. */
  async function destroyOnReboot({ domain }: Scene): Promise<void> {
    await domain.bringTo('shut off');
    const xml = await domain.definition();
    const on = /<on_reboot>[a-z]+<\/on_reboot>/;
    await lab.libvirt.defineDomain(
      on.test(xml)
        ? xml.replace(on, '<on_reboot>destroy</on_reboot>')
        : xml.replace('<devices>', '<on_reboot>destroy</on_reboot><devices>'),
    );
    await domain.bringTo('running');
  }

  beforeAll(async () => {
    const names = ['after destroy 1', 'before start 1', 'reset', 'refused', 'stopped'];
    for (const [index, each] of (await allRunning(names.length)).entries())
      scenes.set(names[index] ?? '', each);
    await destroyOnReboot(scene('reset'));
    await beginAndHold(
      [scene('after destroy 1'), 'after destroy 1'],
      [scene('before start 1'), 'before start 1'],
      [scene('reset'), 'before start 1', 'hardReset'],
      [scene('refused'), 'before start 1'],
      [scene('stopped'), 'before start 1'],
    );
    definition = await scene('refused').domain.definition();
    await lab.libvirt.defineDomain(
      definition.replace(/<memory unit='KiB'>\d+/, "<memory unit='KiB'>4000000000000"),
    );
    workerBefore = await workerOf(scene('stopped'));
    process.kill(workerBefore, 'SIGSTOP');
    await lab.libvirt.virsh('start', scene('stopped').domain.name);
    await lab.libvirt.virsh('destroy', scene('stopped').domain.name);
    virsh.behave('as-usual');
    for (const pid of await Promise.all([...scenes.values()].map(workerOf))) process.kill(pid, 'SIGKILL');
  });

  test.each(['after destroy 1', 'before start 1'])('%s', async (place) => {
    await isFinished(scene(place));
  });

  test('the second half of a reset in a new process is owed likewise', async () => {
    await lab.waitForDomstate(scene('reset').domain.name, 'running');
  });

  test('what libvirt refuses is told until the domain runs', async () => {
    const { domain } = scene('refused');
    const told = await waitFor('vbmcd to give it up', async () => {
      const { unfinishedChange } = await showBmc(lab, domain.name);
      return unfinishedChange?.reason === null ? undefined : unfinishedChange;
    });
    expect(told).toMatchObject({ description: 'power cycle', user: 'admin' });
    const shown = await lab.vbmcd.vbmc('show', domain.name, '--details');
    expect(shown.stdout).toMatch(/^cut: +power cycle by "admin" from .*the domain stays off: /m);
    expect(linesAbout(scene('refused'))).toContain('was cut and is not finished, the domain stays off');

    await lab.libvirt.defineDomain(definition);
    await lab.libvirt.virsh('start', domain.name);
    await waitFor('it to be told no more', async () => !(await isOwed(scene('refused'))));
  });

  test('somebody has started and stopped the domain meanwhile: it stays off', async () => {
    await waitFor('another worker', async () => (await workerOf(scene('stopped'))) !== workerBefore);
    await sleep(QUIET_MS);
    expect(await scene('stopped').domain.state()).toBe('shut off');
  });
});
