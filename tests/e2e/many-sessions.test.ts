/** Session after session from few source ports, as from behind a firewall that translates addresses. */
import { readFileSync } from 'node:fs';
import { getChassisStatus, getDeviceId } from '@vbmc/ipmi-codec';
import { waitFor } from '#support/wait-for.ts';
import { UdpConsole } from '#support/console/udp-console.ts';
import { consoleTo } from '#support/clients/console-to.ts';
import { describeDurations, printFigure } from '#support/figures.ts';
import { startLab, type Lab } from '#lab/lab.ts';

const SESSIONS = 2_000;
const PORT_COUNT = 8;
/** Some 9.9 MiB is usual. Sessions that left 1 KiB behind each would exceed it. */
const MEMORY_BOUND_KIB = 12 * 1024;

let lab: Lab;
beforeAll(async () => {
  lab = await startLab();
  await lab.libvirt.virsh('start', 'node-0');
});
afterAll(async () => {
  await lab.stop();
});

async function freePorts(count: number): Promise<number[]> {
  const consoles = [];
  for (let n = 0; n < count; n += 1) consoles.push(await UdpConsole.bind(consoleTo(lab.bmc(0))));
  const ports = consoles.map(({ localPort }) => localPort);
  for (const udpConsole of consoles) await udpConsole.abandon();
  return ports;
}

/** In KiB; what the process would give back to the machine if it ended. */
function privateMemory(pid: number): number {
  const rollup = readFileSync(`/proc/${pid}/smaps_rollup`, 'utf8');
  const kib = (field: string): number => Number(new RegExp(`^${field}: +(\\d+) kB$`, 'm').exec(rollup)?.[1]);
  return kib('Private_Clean') + kib('Private_Dirty');
}

test('2,000 sessions in a row from 8 reused source ports, and what the worker needs afterwards', async () => {
  const [listed] = await lab.vbmcList();
  if (typeof listed?.pid !== 'number') throw new Error('node-0 has no worker');
  const { pid } = listed;
  const memoryBefore = privateMemory(pid);
  const ports = await freePorts(PORT_COUNT);
  const failures: string[] = [];
  const durationsMs: number[] = [];
  let retransmissions = 0;
  const startedAt = performance.now();
  for (let n = 0; n < SESSIONS; n += 1) {
    const sessionStartedAt = performance.now();
    try {
      const localPort = ports[n % PORT_COUNT] ?? 0;
      const session = await UdpConsole.connect(consoleTo(lab.bmc(0), { localPort }));
      // The power status costs a process of its own (virsh): it is asked for often enough to be seen right.
      if (n % 20 === 0)
        expect((await session.request(getChassisStatus, undefined)).value?.powerOn).toBe(true);
      else expect(await session.request(getDeviceId, undefined)).toMatchObject({ completionCode: 0 });
      await session.close();
      retransmissions += session.retransmissions;
    } catch (error) {
      failures.push(`session ${n}: ${String(error)}`);
    }
    durationsMs.push(performance.now() - sessionStartedAt);
  }
  const seconds = (performance.now() - startedAt) / 1000;
  const rate = (SESSIONS / seconds).toFixed(0);
  printFigure(
    `${SESSIONS} sessions from ${PORT_COUNT} source ports`,
    `${rate} a second, in ${seconds.toFixed(1)} s`,
  );
  printFigure('one session', describeDurations(durationsMs));
  expect(failures).toEqual([]);
  expect(retransmissions).toBe(0);

  const cycled = await lab.ipmitool(lab.bmc(0), ['power', 'cycle']);
  expect(cycled.exitCode).toBe(0);
  await lab.waitForSerial('node-0', 'boot disk', 2);
  expect((await lab.vbmcList())[0]).toMatchObject({ pid, restarts: 0 });
  const mib = (value: number): string => `${(value / 1024).toFixed(1)} MiB`;
  printFigure('private memory of the worker, fresh', mib(memoryBefore));
  printFigure(
    `private memory of the worker, right after ${SESSIONS} sessions and a power cycle`,
    mib(privateMemory(pid)),
  );
  // It collects when it has had nothing to do for some seconds.
  await waitFor(
    'the worker to be small again',
    () => {
      const memory = privateMemory(pid);
      if (memory > MEMORY_BOUND_KIB) throw new Error(mib(memory));
      return true;
    },
    { timeoutMs: 60_000, intervalMs: 500 },
  );
  printFigure('and when it has been idle', mib(privateMemory(pid)));
});
