/** SIGUSR1 makes Node open its debugger on a port of 127.0.0.1: whoever connects there executes what they like. */
import { startPrivateLibvirt, type PrivateLibvirt } from '#lab/private-libvirt.ts';
import { planBmcs, startLabVbmcd, type LabVbmcd } from '#lab/vbmcd.ts';
import { setTimeout as sleep } from 'node:timers/promises';

let libvirt: PrivateLibvirt;
let daemon: LabVbmcd;
beforeAll(async () => {
  libvirt = await startPrivateLibvirt({ hypervisor: 'mock' });
  daemon = await startLabVbmcd(libvirt, await planBmcs(['test']));
});
afterAll(async () => {
  await libvirt.stop();
});

test('SIGUSR1 opens no debugger, in vbmcd nor in a worker', async () => {
  const [worker = 0] = daemon.workerPids();
  for (const pid of [daemon.pid, worker]) process.kill(pid, 'SIGUSR1');
  // The debugger would say at once that it listens.
  await sleep(1_000);
  const [listed] = await daemon.running('test');
  expect(listed).toMatchObject({ pid: worker, restarts: 0 });
  expect(daemon.log()).not.toContain('Debugger');
});
