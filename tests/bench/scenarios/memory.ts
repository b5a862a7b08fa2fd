import { setTimeout as sleep } from 'node:timers/promises';
import { chassisControlCommand, type ChassisControl } from '@vbmc/ipmi-codec';
import { consoleTo } from '#support/clients/console-to.ts';
import { planBmcs } from '#lab/vbmcd.ts';
import type { PrivateLibvirt } from '#lab/private-libvirt.ts';
import { UdpConsole } from '#support/console/udp-console.ts';
import { runLoad } from '../load/run-load.ts';
import { ownerOfUdpPort } from '../measure/port-owner.ts';
import { processMemory } from '#support/process-memory.ts';
import type { Bench, Scenario } from '../scenario.ts';
import { allAnswer } from '../subjects/contestants.ts';
import { launchers, type Launcher } from '../subjects/launchers.ts';
import { withMockDomains } from '../subjects/mock-domains.ts';
import { firstTarget, OUR_NAME, type Subject } from '../subjects/subject.ts';
import { recordFailures } from './record-load.ts';

const CLIENTS = 8;
/** An idle worker may give memory back. */
const SETTLE_MS = 10_000;

/** VirtualBMC refuses a power cycle, but carries out these two. */
const powerCycle: Readonly<Record<string, readonly ChassisControl[]>> = {
  [OUR_NAME]: ['powerCycle'],
  VirtualBMC: ['powerDown', 'powerUp'],
};

interface MemoryRounds {
  readonly launcher: Launcher;
  readonly fresh: number[];
  readonly used: number[];
  readonly settled: number[];
}

export const memory: Scenario = {
  name: 'memory',
  about: 'private memory of a worker after sessions and a power cycle, and whether it grows',
  run: (bench) =>
    withMockDomains(1, async (libvirt, domains) => {
      const contestants = launchers(bench).map((launcher): MemoryRounds => ({
        launcher,
        fresh: [],
        used: [],
        settled: [],
      }));
      const { memoryRounds } = bench.sizes;
      for (let round = 0; round < memoryRounds; round += 1) {
        for (const rounds of contestants) {
          bench.say(`round ${round + 1} of ${memoryRounds}: ${rounds.launcher.name}`);
          const subject = await oneRound(bench, rounds, libvirt, domains);
          const last = round === memoryRounds - 1;
          if (last && subject.name === OUR_NAME) await watchItGrow(bench, subject);
          await subject.stop();
        }
      }
      record(bench, contestants);
    }),
};

async function oneRound(
  bench: Bench,
  { launcher, fresh, used, settled }: MemoryRounds,
  libvirt: PrivateLibvirt,
  domains: readonly string[],
): Promise<Subject> {
  const [sessions = 0] = bench.sizes.memorySessions;
  const subject = await launcher.launch(libvirt, await planBmcs(domains));
  await allAnswer(subject);
  fresh.push(privateMegabytes(subject));
  await openSessions(bench, subject, sessions);
  await cyclePower(subject);
  used.push(privateMegabytes(subject));
  await sleep(SETTLE_MS);
  settled.push(privateMegabytes(subject));
  return subject;
}

function record(bench: Bench, contestants: readonly MemoryRounds[]): void {
  const { findings } = bench;
  const after = `after ${bench.sizes.memorySessions[0] ?? 0} sessions and a power cycle`;
  const later = `${after}, ${SETTLE_MS / 1000} s later`;
  for (const { launcher, fresh, used, settled } of contestants) {
    const subject = launcher.name;
    findings.rounds({ what: 'private memory, fresh', subject, unit: 'MB' }, fresh);
    findings.rounds({ what: `private memory ${after}`, subject, unit: 'MB' }, used);
    findings.rounds({ what: `private memory ${later}`, subject, unit: 'MB' }, settled);
  }
  const [ours, ...peers] = contestants;
  if (ours === undefined) return;
  for (const peer of peers) {
    for (const [what, which] of [
      [after, 'used'],
      [later, 'settled'],
    ] as const) {
      const seriesOf = ({ launcher, [which]: values }: MemoryRounds) => ({ subject: launcher.name, values });
      findings.ratio(`private memory ${what}`, seriesOf(ours), seriesOf(peer));
    }
  }
}

/** More and more sessions with the same worker, each round followed by the same pause. */
async function watchItGrow(bench: Bench, subject: Subject): Promise<void> {
  const [first = 0, ...more] = bench.sizes.memorySessions;
  const figure = (sessions: number): number => {
    const value = privateMegabytes(subject);
    const what = `private memory after ${sessions} sessions in all`;
    bench.findings.figure({ what, subject: subject.name, unit: 'MB' }, value);
    return value;
  };
  const before = figure(first);
  let opened = first;
  let now = before;
  for (const sessions of more) {
    bench.say(`${subject.name}: up to ${sessions} sessions`);
    await openSessions(bench, subject, sessions - opened);
    await sleep(SETTLE_MS);
    opened = sessions;
    now = figure(sessions);
  }
  const what = `growth from ${first} to ${opened} sessions`;
  bench.findings.figure({ what, subject: subject.name, unit: 'MB' }, now - before);
}

async function openSessions(bench: Bench, subject: Subject, sessions: number): Promise<void> {
  const target = firstTarget(subject);
  const result = await runLoad({
    kind: 'sessions',
    targets: [target],
    clients: CLIENTS,
    cipherSuiteId: 3,
    until: { sessions },
    keepPorts: false,
  });
  recordFailures(bench.findings, `${sessions} sessions`, { subject: subject.name, results: [result] });
}

async function cyclePower(subject: Subject): Promise<void> {
  const session = await UdpConsole.connect(consoleTo(firstTarget(subject), { cipherSuiteId: 3 }));
  try {
    for (const chassisControl of powerCycle[subject.name] ?? []) {
      const { completionCode } = await session.request(chassisControlCommand, { chassisControl });
      if (completionCode !== 0)
        throw new Error(`${subject.name}: ${chassisControl} is answered ${completionCode}`);
    }
  } finally {
    await session.close();
  }
}

function privateMegabytes(subject: Subject): number {
  return processMemory(ownerOfUdpPort(firstTarget(subject).port)).privateKib / 1024;
}
