/** A million hostile datagrams, while a legitimate session is at work. */
import { getDeviceId } from '@vbmc/ipmi-codec';
import { sendHostileDatagrams } from '#support/hostile/send-hostile-datagrams.ts';
import { describeDurations } from '#support/figures.ts';
import type { Lab } from '#lab/lab.ts';
import { qemuPid } from '#lab/qemu-process.ts';
import { startSteadyRequests } from '#support/clients/steady-requests.ts';
import type { Report } from './report.ts';
import { counter, residentKib, workerPid } from './worker-state.ts';

const DATAGRAMS = 1_000_000;
const WARM_UP = 20_000;

export async function sendMillionDatagrams(lab: Lab, report: Report): Promise<void> {
  const bmc = lab.bmc(0);
  const before = { pid: await workerPid(lab), qemu: qemuPid(lab, 'node-0') };
  const fresh = residentKib(before.pid);
  // The worker loads and compiles code at its first work. That is no leak.
  await sendHostileDatagrams(bmc, WARM_UP, 1);
  const warm = residentKib(before.pid);
  const steady = await startSteadyRequests(bmc, getDeviceId);
  let during = '';
  await report.step(`${DATAGRAMS.toLocaleString('en')} hostile datagrams`, async () => {
    const { datagrams, seconds, dropped } = await sendHostileDatagrams(bmc, DATAGRAMS, Date.now() % 2 ** 31);
    if (dropped > 0) throw new Error(`the kernel dropped ${dropped}`);
    const rate = Math.round(datagrams / seconds);
    return `in ${seconds.toFixed(0)} s, ${rate} a second; none dropped by the kernel`;
  });
  await report.step('the legitimate session meanwhile', async () => {
    const { durationsMs, failures, retransmissions } = await steady.stop();
    if (failures.length > 0) throw new Error(failures.join('; '));
    during = `${durationsMs.length} requests, 0 failures, ${retransmissions} retransmissions`;
    return `${during}; ${describeDurations(durationsMs)}`;
  });
  await report.step('the same worker, and the same machine', async () => {
    const after = { pid: await workerPid(lab), qemu: qemuPid(lab, 'node-0') };
    if (after.pid !== before.pid) throw new Error(`the worker was ${before.pid}, and is ${after.pid}`);
    if (after.qemu !== before.qemu) throw new Error('the machine was restarted');
    return `pid ${after.pid}; ${await counter(lab, 'vbmc_malformed_datagrams_total')} counted as malformed`;
  });
  await report.step('resident memory of the worker', () => {
    const after = residentKib(before.pid);
    const mib = (kib: number): string => `${(kib / 1024).toFixed(1)} MiB`;
    const figures = `${mib(fresh)} fresh, ${mib(warm)} after ${WARM_UP} datagrams, ${mib(after)} after all`;
    // A leak of 64 bytes a datagram would be 61 MiB.
    return after - warm > 32 * 1024 ? Promise.reject(new Error(figures)) : Promise.resolve(figures);
  });
}
