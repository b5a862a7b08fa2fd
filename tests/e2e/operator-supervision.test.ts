/** A worker that crashes, hangs or waits for libvirt affects its own BMC at most, and not for long. */
import { getDeviceId } from '@vbmc/ipmi-codec';
import { chmodSync } from 'node:fs';
import { createServer, type Server, type Socket } from 'node:net';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { inventoryText, type LabBmc } from '#lab/inventory-text.ts';
import { startPrivateLibvirt, type PrivateLibvirt } from '#lab/private-libvirt.ts';
import { planBmcs, startVbmcd, type ListedBmc, type Vbmcd } from '#lab/vbmcd.ts';
import { waitFor } from '#support/wait-for.ts';
import { firstAnswer } from '#support/clients/first-answer.ts';
import { describeDurations, printFigure } from '#support/figures.ts';
import { processMemory } from '#support/process-memory.ts';
import { SeededRandom } from '#support/seeded-random.ts';
import { startSteadyRequests } from '#support/clients/steady-requests.ts';

let libvirt: PrivateLibvirt;
let bmcs: LabBmc[];
let daemon: Vbmcd;
let inventory: string;
beforeAll(async () => {
  libvirt = await startPrivateLibvirt({ hypervisor: 'mock' });
  bmcs = await planBmcs(Array.from({ length: 20 }, (_, index) => `node-${index}`));
  inventory = inventoryText(libvirt.connectionUri, bmcs);
  daemon = await startVbmcd(libvirt, inventory, { name: 'operated' });
  await daemon.running();
});
afterAll(async () => {
  await libvirt.stop();
});

function planned(index: number): LabBmc {
  const bmc = bmcs[index];
  if (bmc === undefined) throw new Error(`there is no BMC ${index}`);
  return bmc;
}

async function found(index: number): Promise<ListedBmc> {
  const bmc = (await daemon.list())[index];
  if (bmc === undefined) throw new Error(`there is no BMC ${index}`);
  return bmc;
}

test('a worker stopped by SIGSTOP is replaced', async () => {
  const index = 3;
  const witness = await startSteadyRequests(planned(4), getDeviceId);
  const { pid } = await found(index);
  const stoppedAt = performance.now();
  process.kill(pid ?? 0, 'SIGSTOP');
  await firstAnswer(planned(index));
  const replacedMs = performance.now() - stoppedAt;
  const { failures, retransmissions, durationsMs } = await witness.stop();
  const now = await found(index);
  expect(now).toMatchObject({ status: 'running', restarts: 1 });
  expect(now.pid).not.toBe(pid);
  expect([failures, retransmissions]).toEqual([[], 0]);
  const { stdout } = await daemon.vbmc('show', `node-${index}`, '--json');
  const { restartCauses } = JSON.parse(stdout) as { restartCauses: { cause: string }[] };
  expect(restartCauses[0]?.cause).toMatch(/^worker has not answered for [0-9.]+ s: killed$/);
  printFigure('SIGSTOP of a worker, its BMC answers again after', `${(replacedMs / 1000).toFixed(1)} s`);
  printFigure('the cause shown', restartCauses[0]?.cause ?? '');
  printFigure('meanwhile Get Device ID of another BMC', describeDurations(durationsMs));
});

describe('a connection URI that accepts and never answers', () => {
  const sockets = new Set<Socket>();
  let server: Server;
  let uri: string;
  beforeAll(async () => {
    const path = join(libvirt.directory.path, 'mute.sock');
    server = createServer((socket) => {
      sockets.add(socket);
      socket.on('error', () => undefined);
    });
    await new Promise<void>((resolve) => server.listen(path, resolve));
    chmodSync(path, 0o777);
    uri = `qemu+unix:///system?socket=${path}`;
  });
  afterAll(() => {
    for (const socket of sockets) socket.destroy();
    server.close();
  });

  test('holds up neither start, reload and list nor other BMCs', async () => {
    const [hung, other, later] = await planBmcs(['hung', 'other', 'later']);
    if (!hung || !other || !later) throw new Error('three were planned');
    const withHung = inventoryText(uri, [hung]) + inventoryText(libvirt.connectionUri, [other]);
    const startedAt = performance.now();
    const prompt = await startVbmcd(libvirt, withHung, { name: 'prompt' });
    await Promise.all([firstAnswer(hung), firstAnswer(other)]);
    const startMs = performance.now() - startedAt;
    await prompt.running();
    const listMs: number[] = [];
    for (let count = 0; count < 5; count += 1) {
      const list = await prompt.vbmc('list');
      // The server never answers: a list that waited for it would end at its deadline, with an error.
      expect(list).toMatchObject({ exitCode: 0 });
      listMs.push(list.durationMs);
    }
    const steady = await startSteadyRequests(other, getDeviceId);
    prompt.writeInventory(withHung + inventoryText(uri, [later]));
    const reload = await prompt.vbmc('reload');
    expect(reload).toMatchObject({ exitCode: 0 });
    await firstAnswer(later);
    const shown = await prompt.vbmc('show', 'hung', '--details');
    expect(shown.stdout).toContain('status:   running');
    const { durationsMs, failures, retransmissions } = await steady.stop();
    expect([failures, retransmissions]).toEqual([[], 0]);
    expect(sockets.size).toBeGreaterThan(0);
    printFigure('hung URI: start until both BMCs answer', `${startMs.toFixed(0)} ms`);
    printFigure('hung URI: vbmc list, program start included', describeDurations(listMs));
    printFigure('hung URI: reload that adds a second such BMC', `${reload.durationMs.toFixed(0)} ms`);
    printFigure('hung URI: Get Device ID of another BMC', describeDurations(durationsMs));
    await prompt.stop();
  });
});

test('200 random kill -9 among 20 workers', async () => {
  const random = new SeededRandom(20_260_101);
  const before = processMemory(daemon.pid).residentKib / 1024;
  const restartsBefore = (await daemon.list()).reduce((sum, { restarts }) => sum + restarts, 0);
  let kills = 0;
  let longestBackOff = 0;
  let inBackOffTogether = 0;
  const startedAt = performance.now();
  while (kills < 200) {
    const listed = await daemon.list();
    const waiting = listed.filter(({ status }) => status === 'backingOff');
    inBackOffTogether = Math.max(inBackOffTogether, waiting.length);
    for (const { reason } of waiting) {
      expect(reason).toMatch(/^worker ended by SIGKILL \(next attempt in [0-9.]+ s\)$/);
      longestBackOff = Math.max(longestBackOff, Number(/in ([0-9.]+) s/.exec(reason ?? '')?.[1]));
    }
    const alive = daemon.workerPids().slice();
    for (let count = 0; count < 4 && alive.length > 0 && kills < 200; count += 1) {
      const [pid] = alive.splice(random.below(alive.length), 1);
      if (pid === undefined) break;
      process.kill(pid, 'SIGKILL');
      kills += 1;
    }
    await sleep(20);
  }
  const killedMs = performance.now() - startedAt;
  await Promise.all(bmcs.map((bmc) => firstAnswer(bmc)));
  const againMs = performance.now() - startedAt - killedMs;
  const listed = await daemon.running();
  const restarts = listed.reduce((sum, bmc) => sum + bmc.restarts, 0) - restartsBefore;
  await waitFor('no orphan', () => daemon.workerPids().length === 20);
  expect(daemon.workerPids().toSorted()).toEqual(listed.map(({ pid }) => pid).toSorted());
  expect(inBackOffTogether).toBeGreaterThan(0);
  expect(restarts).toBe(200);
  const after = processMemory(daemon.pid).residentKib / 1024;
  printFigure('200 random kill -9 among 20 workers, the kills took', `${(killedMs / 1000).toFixed(0)} s`);
  printFigure('every BMC answers again after the last kill', `${(againMs / 1000).toFixed(1)} s`);
  printFigure(
    'in back-off at once / longest wait seen in list',
    `${inBackOffTogether} / ${longestBackOff} s`,
  );
  printFigure('supervisor RSS before and after', `${before.toFixed(1)} MB, ${after.toFixed(1)} MB`);
  expect(after - before).toBeLessThan(30);
});
