/** Shortages that the kernel reports to vbmcd: it goes on, and so do all BMCs when the shortage is over. */
import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { setTimeout as sleep } from 'node:timers/promises';
import { installPrograms } from '#lab/debian-packages.ts';
import { startLab, type Lab } from '#lab/lab.ts';
import { exchange } from '#supervisor/cli/control-client.ts';
import type { EventRecord } from '#supervisor/control/event-record.ts';
import { chassisOf } from '#support/clients/chassis.ts';
import { printFigure } from '#support/figures.ts';
import { childrenOf, isAlive } from '#support/processes.ts';
import { waitFor } from '#support/wait-for.ts';

/** Without a descriptor vbmcd cannot be asked how many attempts have failed. */
const SHORTAGE_MS = 12_000;
/** Pauses between attempts grow, also from one test to the next. */
const ATTEMPTS_TIMEOUT_MS = 180_000;

let lab: Lab;
let pid: number;

beforeAll(async () => {
  await installPrograms(
    { strace: 'strace' },
    {
      print: (line) => {
        printFigure('lab', line);
      },
    },
  );
  lab = await startLab({ domains: 3 });
  ({ pid } = lab.vbmcd);
  await lab.libvirt.virsh('start', 'node-1');
});
afterAll(async () => {
  await lab.stop();
});

/** What vbmcd has to start again when it ends: the event stream of its domain watch, and the worker of `node-0`. */
async function vitalChildren(): Promise<readonly number[]> {
  const [worker] = await lab.vbmcList();
  let streams: number[] = [];
  await waitFor('the event stream', () => {
    const children = childrenOf(pid).filter(({ commandLine }) => commandLine.includes('event --loop'));
    streams = children.map((child) => child.pid);
    return streams.length === 1;
  });
  return [...streams, worker?.pid ?? 0];
}

async function startFailures(): Promise<number> {
  const { stdout } = await lab.vbmcd.vbmc('status', '--json');
  expect(JSON.parse(stdout)).toMatchObject({ pid });
  const { body } = await exchange(lab.vbmcd.runDirectory, 'GET', '/metrics');
  const counts = [
    ...body.matchAll(/^vbmc_program_start_failures_total\{program="(virsh|worker)"\} (\d+)$/gm),
  ];
  expect(counts).toHaveLength(2);
  return counts.reduce((sum, [, , count]) => sum + Number(count), 0);
}

/** The kinds that `vbmc events` knows, without the first `known`. */
async function eventsSince(known: number): Promise<readonly string[]> {
  const { stdout } = await lab.vbmcd.vbmc('events', '--last', '1000', '--json');
  const lines = stdout.trim().split('\n');
  return lines.slice(known).map((line) => (JSON.parse(line) as EventRecord).event);
}

/** Ends the children under `shortage`, and expects all to be well after it. */
async function survive(
  code: string,
  shortage: () => Promise<() => Promise<void>>,
  canBeAsked = true,
): Promise<void> {
  const startedAt = performance.now();
  const before = await startFailures();
  const logged = lab.vbmcd.log().length;
  const known = (await eventsSince(0)).length;
  const children = await vitalChildren();
  const end = await shortage();
  // A snapshot that cannot be started ends the event stream as well.
  for (const child of children.filter(isAlive)) process.kill(child, 'SIGKILL');
  if (canBeAsked) {
    await waitFor('attempts that fail', async () => (await startFailures()) - before > 2, {
      timeoutMs: ATTEMPTS_TIMEOUT_MS,
    });
  } else {
    await sleep(SHORTAGE_MS);
  }
  expect(isAlive(pid)).toBe(true);
  // The BMCs that run answer, and ask virsh themselves.
  expect(await chassisOf(lab.bmc(1)).power()).toBe('on');
  await end();

  await lab.vbmcd.running();
  for (const index of [0, 1, 2]) {
    expect(await chassisOf(lab.bmc(index)).power()).toBe(index === 1 ? 'on' : 'off');
  }
  const failures = (await startFailures()) - before;
  expect(failures).toBeGreaterThan(0);
  const log = lab.vbmcd.log().slice(logged);
  expect(log.match(/could not be started: \w+; vbmcd keeps trying/g)).toEqual([
    expect.stringContaining(`${code}; vbmcd keeps trying`),
  ]);
  const seconds = ((performance.now() - startedAt) / 1000).toFixed(0);
  printFigure(`${code}: attempts that failed within ${seconds} s, same vbmcd`, String(failures));
  // The domain watch is back as well.
  await waitFor('the watch', () => /domain watch of \S+ is up/.test(log + lab.vbmcd.log().slice(logged)));
  await waitFor('the end of the outage', async () => {
    await lab.libvirt.virsh('domid', 'node-1');
    return lab.vbmcd.log().slice(logged).includes('programs can be started again');
  });
  const events = await eventsSince(known);
  for (const kind of ['programNotStarted', 'domainWatchLost', 'domainWatchTrusted', 'programsStart'])
    expect(events).toContain(kind);
}

async function inject(code: string): Promise<() => Promise<void>> {
  const calls = 'clone,clone3,fork,vfork';
  const argv = ['-f', '-qq', '-o', '/dev/null', '-p', String(pid)];
  const strace: ChildProcess = spawn('strace', [
    ...argv,
    '-e',
    `trace=${calls}`,
    '-e',
    `inject=${calls}:error=${code}`,
  ]);
  await waitFor('strace to attach', () =>
    readFileSync(`/proc/${pid}/status`, 'utf8').includes(`TracerPid:\t${strace.pid ?? 0}\n`),
  );
  return async () => {
    strace.kill('SIGINT');
    await once(strace, 'close');
  };
}

test.each(['ENOMEM', 'EAGAIN', 'EMFILE', 'ENFILE'])('%s of every fork', async (code) => {
  await survive(code, () => inject(code));
});

test('no file descriptor left', async () => {
  await survive(
    'EMFILE',
    async () => {
      const limit = async (count: number): Promise<void> => {
        const { stderr } = await lab.libvirt.run('prlimit', ['--pid', String(pid), `--nofile=${count}:`]);
        expect(stderr).toBe('');
      };
      // Standard input, output and error have the only numbers below.
      await limit(3);
      const refused = await lab.vbmcd.vbmc('list');
      expect(refused.exitCode).toBe(1);
      return () => limit(1_024);
    },
    false,
  );
});
