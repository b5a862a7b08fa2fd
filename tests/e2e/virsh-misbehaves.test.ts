/** A real worker with a `virsh` that misbehaves: a defined answer for each fault, and no process left behind. */
import { waitFor } from '#support/wait-for.ts';
import { chassisOf } from '#support/clients/chassis.ts';
import { printFigure } from '#support/figures.ts';
import type { Lab } from '#lab/lab.ts';
import { startLabWithVirshStandIn } from '#lab/lab-with-virsh-stand-in.ts';
import type { VirshBehaviour, VirshStandIn } from '#lab/virsh-stand-in.ts';
import { watchedDomain, type WatchedDomain } from '#lab/watched-domain.ts';

/** Longer than `virsh`'s deadline of 20 s, which the answer for one that hangs waits for. */
const PATIENCE_MS = 30_000;

let lab: Lab;
let virsh: VirshStandIn;
let domain: WatchedDomain;

beforeAll(async () => {
  ({ lab, virsh } = await startLabWithVirshStandIn({
    domains: [{ boot: ['hd', 'network'], networkCards: [true] }],
  }));
  domain = watchedDomain(lab, 0);
  await domain.bringTo('running');
});
afterAll(async () => {
  await lab.stop();
});

interface Case {
  readonly behaviour: VirshBehaviour;
  /** For Chassis Control, power down. */
  readonly powerDown: number;
  /** For Set System Boot Options, boot flags. */
  readonly bootFlags: number;
}

const [FAILED, TIMED_OUT, NOT_ACHIEVED, NO_PROGRAM, BUSY] = [0xff, 0xc3, 0xce, 0xd6, 0xc0] as const;
const cases: readonly Case[] = [
  { behaviour: 'lies', powerDown: NOT_ACHIEVED, bootFlags: FAILED },
  { behaviour: 'hangs', powerDown: TIMED_OUT, bootFlags: TIMED_OUT },
  { behaviour: 'dies', powerDown: BUSY, bootFlags: BUSY },
  { behaviour: 'garbage', powerDown: FAILED, bootFlags: FAILED },
  { behaviour: 'megabytes', powerDown: FAILED, bootFlags: FAILED },
  { behaviour: 'absent', powerDown: NO_PROGRAM, bootFlags: NO_PROGRAM },
];

async function workerPid(): Promise<number | null | undefined> {
  return (await lab.vbmcList())[0]?.pid;
}

/** A virsh may have a call in libvirt's hands, so none is killed. Nothing but libvirt's answer ends these, so the test does. */
function endTheOnesThatHang(): void {
  const hanging = (caller: 'workers' | 'watch') =>
    virsh.processesLeft(caller).filter(({ command }) => command.includes('virsh-hangs'));
  // The power off; from then on supervisor and worker know that no further question has a chance.
  expect(hanging('workers').map(({ command }) => / (\w+) --domain /.exec(command)?.[1])).toEqual(['destroy']);
  // A snapshot, and a question about the one domain.
  expect(hanging('watch').length).toBeLessThanOrEqual(2);
  virsh.behave('as-usual');
  for (const caller of ['workers', 'watch'] as const)
    for (const { pid } of virsh.processesLeft(caller)) process.kill(pid, 'SIGKILL');
}

test.each(cases)('a virsh: $behaviour', async ({ behaviour, ...expected }) => {
  const chassis = chassisOf(lab.bmc(0), { deadlineMs: PATIENCE_MS });
  const [worker, qemu, definition] = [await workerPid(), domain.pid(), await domain.definition()];
  virsh.behave(behaviour);
  const startedAt = performance.now();
  const powerDown = await chassis.control('powerDown');
  const answeredMs = performance.now() - startedAt;
  const bootFlags = await chassis.setBootFlags(0x80, 0x04);
  expect({ powerDown, bootFlags }).toEqual(expected);
  if (behaviour === 'hangs') endTheOnesThatHang();
  await waitFor('nothing to be left', () => {
    if (virsh.processesLeft().length > 0) throw new Error(JSON.stringify(virsh.processesLeft()));
    return true;
  });

  virsh.behave('as-usual');
  expect(await workerPid()).toBe(worker);
  expect(domain.pid()).toBe(qemu);
  expect(await domain.definition()).toBe(definition);
  expect(await chassis.control('hardReset')).toBe(0);
  expect(domain.pid()).toBe(qemu);
  const code = powerDown.toString(16).toUpperCase();
  printFigure(`virsh ${behaviour}, power off answered`, `${code}h after ${answeredMs.toFixed(0)} ms`);
});
