/** Half-open handshakes and wrong passwords from eight addresses, while a legitimate client works from a ninth. */
import { setTimeout as sleep } from 'node:timers/promises';
import { getDeviceId } from '@vbmc/ipmi-codec';
import type { UnauthenticatedActivity } from '#supervisor/status/bmc-detail.ts';
import { processMemory } from '#support/process-memory.ts';
import { attack, type Attack, type AttackReport } from '#support/hostile/attackers.ts';
import { describeDurations } from '#support/figures.ts';
import { startLab, type Lab } from '#lab/lab.ts';
import { showBmc } from '#support/clients/show-bmc.ts';
import { startSteadyLogins } from '#support/clients/steady-logins.ts';
import { startSteadyRequests, type SteadyReport } from '#support/clients/steady-requests.ts';
import type { Report } from './report.ts';
import { workerPid } from './worker-state.ts';

const HALF_OPEN = 10_000;
const WRONG_PASSWORDS = 100_000;

export async function guessPasswords(lab: Lab, report: Report): Promise<void> {
  await attackWorker(lab, report, 'halfOpen', HALF_OPEN, 'half-open handshakes');
  await attackWorker(lab, report, 'guess', WRONG_PASSWORDS, 'wrong passwords');
  // Without lock-outs the worker checks each of them.
  const lenient = await startLab({ vbmcd: { inventoryKeys: { login_attempts: '0' } } });
  try {
    await attackWorker(lenient, report, 'guess', WRONG_PASSWORDS, 'wrong passwords, no lock-out');
  } finally {
    await lenient.stop();
  }
}

async function attackWorker(
  lab: Lab,
  report: Report,
  how: Attack,
  attempts: number,
  what: string,
): Promise<void> {
  const bmc = lab.bmc(0);
  const pid = await workerPid(lab);
  const before = memoryText(pid);
  const requests = await startSteadyRequests(bmc, getDeviceId);
  const logins = startSteadyLogins(bmc);
  const tables = watchTables(lab);
  await report.step(`${attempts.toLocaleString('en')} ${what}`, async () =>
    describe(await attack(bmc, how, attempts)),
  );
  const largest = await tables.stop();
  await report.step('requests of a session meanwhile', async () => without(await requests.stop()));
  await report.step('logins meanwhile', async () => without(await logins.stop()));
  await report.step('tables, at their largest', () => Promise.resolve(JSON.stringify(largest)));
  await report.step('the worker', async () => {
    const after = await workerPid(lab);
    if (after !== pid) throw new Error(`it was ${pid}, and is ${after}`);
    return `pid ${pid}; before ${before}; after ${memoryText(pid)}`;
  });
}

function describe({ attempts, seconds, ends }: AttackReport): string {
  if ('rakpMessage4' in ends) throw new Error('a wrong password was accepted');
  return `in ${seconds.toFixed(0)} s, ${Math.round(attempts / seconds)} a second; the last answers: ${JSON.stringify(ends)}`;
}

function without({ failures, retransmissions, durationsMs }: SteadyReport): string {
  if (failures.length > 0) throw new Error(`${failures.length} failures: ${failures.slice(0, 3).join('; ')}`);
  return `0 failures, ${retransmissions} retransmissions; ${describeDurations(durationsMs)}`;
}

function mib(kib: number): string {
  return `${(kib / 1024).toFixed(1)} MiB`;
}

function memoryText(pid: number): string {
  const { privateKib, residentKib } = processMemory(pid);
  return `${mib(privateKib)} private, ${mib(residentKib)} resident`;
}

interface TableSizes {
  sessions: number;
  halfOpenSessions: number;
  lockedOutLogins: number;
}

/** The largest value of each figure in `vbmc show` until stopped. */
function watchTables(lab: Lab): {
  readonly stop: () => Promise<TableSizes & Partial<UnauthenticatedActivity>>;
} {
  const largest: TableSizes = { sessions: 0, halfOpenSessions: 0, lockedOutLogins: 0 };
  const look = async (): Promise<Partial<UnauthenticatedActivity>> => {
    const { sessions, strangers } = await showBmc(lab, 'node-0');
    largest.sessions = Math.max(largest.sessions, sessions?.length ?? 0);
    largest.halfOpenSessions = Math.max(largest.halfOpenSessions, strangers?.halfOpenSessions ?? 0);
    largest.lockedOutLogins = Math.max(largest.lockedOutLogins, strangers?.lockedOutLogins ?? 0);
    return { refusedLogins: strangers?.refusedLogins ?? 0, lockouts: strangers?.lockouts ?? 0 };
  };
  const stopped = new AbortController();
  const watching = (async (): Promise<void> => {
    while (!stopped.signal.aborted) {
      await look();
      await sleep(500);
    }
  })();
  return {
    stop: async () => {
      stopped.abort();
      await watching;
      return { ...(await look()), ...largest };
    },
  };
}
