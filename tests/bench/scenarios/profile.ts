import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Duplex } from 'node:stream';
import { setTimeout as sleep } from 'node:timers/promises';
import { CHANNEL_FD, messageLine, parseLine, type SupervisorMessage } from '@vbmc/bmc-worker/ipc';
import { readLines } from '@vbmc/bmc-worker/libvirt';
import { isRecord } from '#supervisor/text/records.ts';
import { workerOptions } from '#supervisor/worker/worker-options.ts';
import type { RemoteBmc } from '#support/clients/console-to.ts';
import { freeUdpPorts } from '#lab/free-ports.ts';
import type { RequestsJob, SessionsJob } from '../load/load-job.ts';
import { runLoad } from '../load/run-load.ts';
import {
  modulesOfBundle,
  monotonicUs,
  sharesOf,
  type CpuProfile,
  type ProfileNode,
  type TimeWindow,
} from '../measure/cpu-profile.ts';
import type { Bench, Scenario } from '../scenario.ts';
import { OUR_NAME } from '../subjects/subject.ts';

/** The user that runs the benchmark can read this copy, unlike the installed one. */
const WORKER_BUNDLE = join(import.meta.dirname, '../../../packages/bmc-worker/dist/main.cjs');
const CLIENTS = 8;
/** A worker that has started looks after its domain's boot order. */
const START_MS = 1_000;

/** The category of a source file by the beginning of its path in the worker's package. The first match counts. */
const categories: readonly (readonly [string, string])[] = [
  ['../ipmi-codec/src/crypto/', 'cryptography'],
  ['../ipmi-codec/', 'codec'],
  ['src/core/', 'sessions and dispatch'],
  ['src/shell/', 'shell'],
];

export const profile: Scenario = {
  name: 'profile',
  about: 'where the time goes in a worker that answers chassis status, and in one that opens sessions',
  run: async (bench) => {
    const seconds = bench.sizes.roundSeconds;
    await profileUnder(bench, 'status', (target) => ({
      kind: 'requests',
      targets: [target],
      sessionsPerTarget: CLIENTS,
      cipherSuiteId: 3,
      seconds,
      pauseMs: 0,
      powerOn: true,
    }));
    await profileUnder(bench, 'sessions', (target) => ({
      kind: 'sessions',
      targets: [target],
      clients: CLIENTS,
      cipherSuiteId: 3,
      until: { seconds },
      keepPorts: false,
    }));
  },
};

type MakeLoad = (target: RemoteBmc) => RequestsJob | SessionsJob;

async function profileUnder(bench: Bench, what: string, makeLoad: MakeLoad): Promise<void> {
  const directory = mkdtempSync(join(tmpdir(), 'vbmc-profile-'));
  try {
    report(bench, what, directory, await profileInto(directory, makeLoad));
  } finally {
    rmSync(directory, { recursive: true });
  }
}

/** The worker as built by npm run build, with the supervisor's options. */
async function profileInto(directory: string, makeLoad: MakeLoad): Promise<TimeWindow> {
  const options = [...workerOptions(process.versions.node), '--cpu-prof', `--cpu-prof-dir=${directory}`];
  const child = spawn(process.execPath, [...options, WORKER_BUNDLE], {
    stdio: ['ignore', 'inherit', 'inherit', 'pipe'],
  });
  const ended = once(child, 'exit');
  const channel = child.stdio[CHANNEL_FD] as Duplex;
  const send = (message: SupervisorMessage): boolean => channel.write(messageLine(message));
  const [port = 0] = await freeUdpPorts(1);
  const target = { address: '127.0.0.1', port, username: 'admin', password: 'of-the-benchmark' };
  const cipherSuites = [17, 3] as const;
  const users = [{ name: target.username, password: target.password, privilege: 'administrator' as const }];
  const libvirt = { domainName: 'test', connectionUri: 'test:///default' };
  send({ type: 'configure', configuration: { name: 'profile', ...libvirt, ...target, users, cipherSuites } });
  await Promise.race([
    untilReady(channel),
    ended.then(() => Promise.reject(new Error('the worker has ended'))),
  ]);
  // Repeated, as the domain watch does, because a state is believed for a limited time.
  const confirming = setInterval(send, 1_000, { type: 'domainState', domainState: 'running' });
  await sleep(START_MS);
  const from = monotonicUs();
  await runLoad(makeLoad(target));
  const to = monotonicUs();
  clearInterval(confirming);
  send({ type: 'stop' });
  await ended;
  return { from, to };
}

async function untilReady(channel: Duplex): Promise<void> {
  return new Promise((resolve) => {
    readLines(channel, (line) => {
      const message = parseLine(line);
      if (isRecord(message) && message['type'] === 'ready') resolve();
    });
  });
}

function report({ findings }: Bench, what: string, directory: string, window: TimeWindow): void {
  const file = readdirSync(directory).find((name) => name.endsWith('.cpuprofile'));
  if (file === undefined) throw new Error('the worker has left no profile');
  const cpuProfile = JSON.parse(readFileSync(join(directory, file), 'utf8')) as CpuProfile;
  const moduleOf = modulesOfBundle(readFileSync(WORKER_BUNDLE, 'utf8'));
  for (const [category, share] of sharesOf(cpuProfile, window, (frame) => categoryOf(frame, moduleOf))) {
    findings.figure({ what: `${what}: ${category}`, subject: OUR_NAME, unit: '%' }, share * 100);
  }
}

function categoryOf(
  { functionName, url, lineNumber }: ProfileNode['callFrame'],
  moduleOf: (line: number) => string | undefined,
): string | undefined {
  if (functionName === '(garbage collector)') return 'garbage collection';
  // The event loop's own work between two calls of JavaScript, above all reading the socket.
  if (functionName === '(program)') return 'event loop and UDP receive';
  if (url.startsWith('node:internal/crypto')) return 'cryptography';
  if (url.startsWith('node:dgram') || url.startsWith('node:internal/dgram')) return 'UDP send';
  if (url.startsWith('node:')) return 'node';
  if (!url.startsWith('file:')) return undefined;
  const module = moduleOf(lineNumber) ?? '';
  return categories.find(([beginning]) => module.startsWith(beginning))?.[1] ?? 'other';
}
