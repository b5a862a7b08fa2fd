/** No process of vbmcd is left when it ends, however it ends. The domains keep running. */
import { readdirSync, readFileSync } from 'node:fs';
import { dirname } from 'node:path';
import { findProgram } from '#lab/lab-environment.ts';
import { startLabVbmcd } from '#lab/vbmcd.ts';
import { waitFor } from '#support/wait-for.ts';
import { UdpConsole } from '#support/console/udp-console.ts';
import { chassisControlCommand } from '@vbmc/ipmi-codec';
import { consoleTo } from '#support/clients/console-to.ts';
import { printFigure } from '#support/figures.ts';
import { isAlive } from '#support/processes.ts';
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

/** Workers, and what they start: they all have vbmcd's environment in part, and run node, virsh or its stand-in's sleep. */
function processesOfVbmcd(): string[] {
  return readdirSync('/proc').filter((entry) => {
    if (!/^\d+$/.test(entry) || !read(`/proc/${entry}/environ`).includes(lab.libvirt.directory.path))
      return false;
    return /\b(node|virsh|sleep)\0/.test(read(`/proc/${entry}/cmdline`));
  });
}

test.each(['SIGTERM', 'SIGINT', 'SIGKILL'] as const)('%s in the middle of a power cycle', async (signal) => {
  if ((await lab.domstate('node-0')) !== 'running') await lab.libvirt.virsh('start', 'node-0');
  const vbmcd = await startLabVbmcd(lab.libvirt, lab.vbmcd.bmcs);
  // vbmcd itself and its workers.
  expect(processesOfVbmcd().length).toBeGreaterThanOrEqual(1 + vbmcd.bmcs.length);
  const session = await UdpConsole.connect(consoleTo(lab.bmc(0)));
  const answer = session.request(chassisControlCommand, powerCycle).catch(String);
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
  if (signal === 'SIGKILL') {
    expect(end).toBe('SIGKILL');
  } else {
    expect(end).toBe(0);
    // Half a power cycle is a lost machine: the worker ends when the domain runs again, and its client is told.
    expect(await lab.domstate('node-0')).toBe('running');
    expect(await answer).toMatchObject({ completionCode: 0 });
  }
  await session.abandon();
  expect(await lab.domstate('node-1')).toBe('running');
});

/** A worker that SIGUSR2 sends into an endless loop. */
const LOOPING_WORKER = `
process.on('SIGUSR2', () => { console.log('loops'); for (;;); });
require('./real-worker.cjs');
`;
/** A virsh that does not return from `destroy`. */
function hangingVirsh(virsh: string): string {
  return `#!/bin/sh
case " $* " in *" destroy "*) exec sleep 600 ;; esac
exec ${virsh} "$@"
`;
}

test('SIGTERM ends vbmcd though libvirt owes the domain watch answers', async () => {
  const text = `#!/bin/sh
case " $* " in *" list "* | *" domstate "*) trap '' TERM; sleep 600 ;; esac
exec ${findProgram('virsh') ?? 'virsh'} "$@"
`;
  const virsh = lab.libvirt.directory.write('mute/virsh', text, 0o755);
  const vbmcd = await startLabVbmcd(lab.libvirt, lab.vbmcd.bmcs, { pathPrefix: dirname(virsh) });
  await waitFor('the snapshot', () =>
    processesOfVbmcd().some((entry) => read(`/proc/${entry}/cmdline`).startsWith('sleep\0')),
  );
  expect(await vbmcd.stop('SIGTERM')).toBe(0);
  await waitFor('virsh to end', () => processesOfVbmcd().length === 0, { intervalMs: 5 });
});

test('SIGKILL of vbmcd ends workers that hang too, and their virsh', async () => {
  const text = hangingVirsh(findProgram('virsh') ?? 'virsh');
  const virsh = lab.libvirt.directory.write('hanging/virsh', text, 0o755);
  const vbmcd = await startLabVbmcd(lab.libvirt, lab.vbmcd.bmcs, {
    workerStandIn: LOOPING_WORKER,
    pathPrefix: dirname(virsh),
  });
  const workers = await vbmcd.list();
  const pidOf = (name: string): number => workers.find((bmc) => bmc.name === name)?.pid ?? 0;
  // node-1 runs: its worker stands still in the middle of a power off.
  const session = await UdpConsole.connect(consoleTo(lab.bmc(1)));
  void session.request(chassisControlCommand, { chassisControl: 'powerDown' }).catch(() => undefined);
  const isSleep = (entry: string): boolean => read(`/proc/${entry}/cmdline`).startsWith('sleep\0');
  await waitFor('the power off', () => processesOfVbmcd().some(isSleep));
  process.kill(pidOf('node-1'), 'SIGSTOP');
  process.kill(pidOf('node-0'), 'SIGUSR2');
  await waitFor('the loop', () => vbmcd.log().includes('loops'));
  expect(['node-0', 'node-1'].filter((name) => !isAlive(pidOf(name)))).toEqual([]);

  expect(await vbmcd.stop('SIGKILL')).toBe('SIGKILL');
  await waitFor('the workers and virsh to end', () => processesOfVbmcd().length === 0, { intervalMs: 5 });
  await session.abandon();
  // Their ports are free.
  await (await startLabVbmcd(lab.libvirt, lab.vbmcd.bmcs)).stop();
});
