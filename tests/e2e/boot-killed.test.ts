/**
 * SIGKILL of the worker, or of vbmcd, anywhere between setting a one-shot boot device and its restoration: the domain
 * boots from it at most once, and its definition ends as it was.
 */
import { chassisControlCommand } from '@vbmc/ipmi-codec';
import { startLabVbmcd, type LabVbmcd } from '#lab/vbmcd.ts';
import { waitFor } from '#support/wait-for.ts';
import { rawCommand } from '#support/console/raw-command.ts';
import { UdpConsole } from '#support/console/udp-console.ts';
import { chassisOf } from '#support/clients/chassis.ts';
import { consoleTo } from '#support/clients/console-to.ts';
import { describeDurations, printFigure } from '#support/figures.ts';
import type { Lab } from '#lab/lab.ts';
import { startLabWithVirshStandIn } from '#lab/lab-with-virsh-stand-in.ts';
import type { VirshStandIn } from '#lab/virsh-stand-in.ts';
import { watchedDomain } from '#lab/watched-domain.ts';

/** Where the victim is, as a place for `virsh-holds`, and how often the domain then boots from the network. */
interface Point {
  readonly when: string;
  readonly command: 'set' | 'power on';
  readonly place: string;
  readonly networkBoots: number;
}

// A power on defines the domain twice: to note that the boot begins, and to restore.
const points: readonly Point[] = [
  { when: 'about to set it', command: 'set', place: 'before define 1', networkBoots: 0 },
  {
    when: 'libvirt has it, the client has no answer',
    command: 'set',
    place: 'after define 1',
    networkBoots: 1,
  },
  { when: 'set, about to note the boot', command: 'power on', place: 'before define 1', networkBoots: 1 },
  // It may have booted, for all that can be known afterwards.
  { when: 'about to boot', command: 'power on', place: 'before start 1', networkBoots: 0 },
  { when: 'booted', command: 'power on', place: 'after start 1', networkBoots: 1 },
  { when: 'booted, about to restore', command: 'power on', place: 'before define 2', networkBoots: 1 },
  {
    when: 'restored, the client has no answer',
    command: 'power on',
    place: 'after define 2',
    networkBoots: 1,
  },
];
const victims = ['worker', 'vbmcd'] as const;

let lab: Lab;
let virsh: VirshStandIn;
let vbmcd: LabVbmcd;
const recoveredMs: number[] = [];

beforeAll(async () => {
  ({ lab, virsh } = await startLabWithVirshStandIn({
    // One for each point: the second crash of a worker within a minute waits for its restart on purpose. A new vbmcd
    // forgets earlier crashes, and one domain is enough.
    domains: points.map(() => ({ boot: 'per-device', disk: 1, networkCards: [2, 3] })),
  }));
  ({ vbmcd } = lab);
});
afterAll(async () => {
  printFigure(
    'killed, the definition is what it was, or the override still armed, after',
    describeDurations(recoveredMs),
  );
  await lab.stop();
});

/** Kills it, waits for what is started in its place, and for all of its own to have ended. */
async function kill(victim: (typeof victims)[number], name: string): Promise<void> {
  const workerOf = async (): Promise<number | null | undefined> =>
    (await vbmcd.list()).find((bmc) => bmc.name === name && bmc.status === 'running')?.pid;
  const worker = await workerOf();
  virsh.behave('as-usual');
  if (victim === 'vbmcd') {
    await vbmcd.stop('SIGKILL');
    vbmcd = await startLabVbmcd(lab.libvirt, [lab.bmc(0)], { path: virsh.path });
    return;
  }
  if (typeof worker !== 'number') throw new Error(`${name} has no worker`);
  process.kill(worker, 'SIGKILL');
  await waitFor('another worker', async () => ![worker, null, undefined].includes(await workerOf()));
}

describe.each(victims)('SIGKILL of the %s', (victim) => {
  test.each(points.map((point, index) => [point.when, index, point] as const))(
    '%s',
    async (_when, place, point) => {
      const index = victim === 'worker' ? place : 0;
      const domain = watchedDomain(lab, index);
      const chassis = chassisOf(lab.bmc(index));
      await domain.bringTo('shut off');
      const original = await domain.definition();
      const networkBoots = (): number => domain.lines().filter((line) => line.startsWith('boot net')).length;
      const before = { boots: domain.lines().length, networkBoots: networkBoots() };

      if (point.command === 'power on') expect(await chassis.setBootFlags(0x80, 0x04)).toBe(0);
      virsh.holdAt(point.place);
      const session = await UdpConsole.connect(consoleTo(lab.bmc(index)));
      const unanswered =
        point.command === 'set'
          ? session.request(rawCommand('chassis', 0x08), Uint8Array.of(5, 0x80, 0x04, 0, 0, 0))
          : session.request(chassisControlCommand, { chassisControl: 'powerUp' });
      unanswered.catch(() => undefined);
      await waitFor(`virsh to be ${point.place}`, () => virsh.calls().includes('held'));
      const killedAt = performance.now();
      await kill(victim, domain.name);
      await session.abandon();
      await waitFor('no virsh to be left', () => virsh.processesLeft().length === 0);

      // Still to come, or used up and taken back.
      const isArmed = async (): Promise<boolean> =>
        (await domain.state()) === 'shut off' && (await chassis.bootFlags())[1] === 0x04;
      await waitFor(
        'the override to be armed or gone',
        async () => (await domain.definition()) === original || (await isArmed()),
      );
      recoveredMs.push(performance.now() - killedAt);
      if ((await domain.state()) === 'shut off') expect(await chassis.control('powerUp')).toBe(0);
      await waitFor('the guest to boot', () => domain.lines().length > before.boots);
      expect(await domain.definition()).toBe(original);
      expect(await chassis.control('hardReset')).toBe(0);
      await waitFor(
        'the guest to boot from its disk',
        () => domain.lines().at(-1) === 'boot disk' && domain.lines().length > before.boots + 1,
      );
      expect(networkBoots() - before.networkBoots).toBe(point.networkBoots);
      expect(await domain.definition()).toBe(original);
    },
  );
});
