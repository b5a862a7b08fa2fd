/** No process of vbmcd is left when it ends, however it ends. The domains keep running. */
import { readdirSync, readFileSync } from 'node:fs';
import { startLabVbmcd } from '#lab/vbmcd.ts';
import { waitFor } from '#support/wait-for.ts';
import { UdpConsole } from '#support/console/udp-console.ts';
import { chassisControlCommand } from '@vbmc/ipmi-codec';
import { consoleTo } from '#support/clients/console-to.ts';
import { printFigure } from '#support/figures.ts';
import { startLab, type Lab } from '#lab/lab.ts';

let lab: Lab;
beforeAll(async () => {
  lab = await startLab({ domains: 4 });
  await lab.libvirt.virsh('start', 'node-1');
  await lab.vbmcd.stop();
});
afterAll(async () => {
  await lab.stop();
});

function read(file: string): string {
  try {
    return readFileSync(file, 'utf8');
  } catch {
    return '';
  }
}

const powerCycle = { chassisControl: 'powerCycle' } as const;

/** Workers, and what they start: they all have vbmcd's environment in part, and run node or virsh. */
function processesOfVbmcd(): string[] {
  return readdirSync('/proc').filter((entry) => {
    if (!/^\d+$/.test(entry) || !read(`/proc/${entry}/environ`).includes(lab.libvirt.directory.path))
      return false;
    return /\b(node|virsh)\0/.test(read(`/proc/${entry}/cmdline`));
  });
}

test.each(['SIGTERM', 'SIGINT', 'SIGKILL'] as const)('%s in the middle of a power cycle', async (signal) => {
  if ((await lab.domstate('node-0')) !== 'running') await lab.libvirt.virsh('start', 'node-0');
  const vbmcd = await startLabVbmcd(lab.libvirt, lab.vbmcd.bmcs);
  // vbmcd itself and its workers.
  expect(processesOfVbmcd().length).toBeGreaterThanOrEqual(1 + vbmcd.bmcs.length);
  const session = await UdpConsole.connect(consoleTo(lab.bmc(0)));
  // Its answer may or may not come.
  void session.request(chassisControlCommand, powerCycle).catch(() => undefined);
  await lab.waitForDomstate('node-0', 'shut off');

  const signalledAt = performance.now();
  const end = await vbmcd.stop(signal);
  // Only after SIGKILL has anything to be waited for.
  await waitFor('the workers to end', () => processesOfVbmcd().length === 0, { intervalMs: 5 });
  const endedMs = performance.now() - signalledAt;
  printFigure(
    `${signal} of vbmcd in a power cycle, all its processes gone after`,
    `${endedMs.toFixed(0)} ms`,
  );
  await session.abandon();
  if (signal === 'SIGKILL') {
    expect(end).toBe('SIGKILL');
  } else {
    expect(end).toBe(0);
    // Half a power cycle is a lost machine: the worker ends when the domain runs again.
    expect(await lab.domstate('node-0')).toBe('running');
  }
  expect(await lab.domstate('node-1')).toBe('running');
});
