/**
 * Clients in a process of their own, so that those that flood a BMC do not delay the legitimate ones, which another process has. One
 * job, then perhaps `stop`, then one report; over Node's IPC channel.
 */
import { setMaxListeners } from 'node:events';
import { setTimeout as sleep } from 'node:timers/promises';
import { getDeviceId } from '@vbmc/ipmi-codec';
import { createRandomSource } from '#worker/shell/random-source.ts';
import { attack } from '#support/hostile/attackers.ts';
import { consoleTo } from '#support/clients/console-to.ts';
import { ConsoleFailure, UdpConsole, type UdpConsoleOptions } from '#support/console/udp-console.ts';
import type {
  AttackJob,
  ClientJob,
  ClientMessage,
  HoldJob,
  HoldReport,
  ReportOf,
  SessionsJob,
  SessionsReport,
} from './client-job.ts';

const PROGRESS_EVERY_MS = 10_000;
/** A session that is silent for 60 s ends. */
const KEEP_ALIVE_MS = 5_000;
const RETRY_MS = 1_000;

const randomBytes = createRandomSource();
const stopped = new AbortController();
// Each client waits for it.
setMaxListeners(0, stopped.signal);

process.once('message', (job: ClientJob) => {
  process.once('message', () => {
    stopped.abort();
  });
  carryOut(job)
    .then(
      (report): ClientMessage => ({ report }),
      (error: unknown): ClientMessage => ({ error: String(error) }),
    )
    .then(
      (message) => process.send?.(message, () => process.exit(0)),
      () => process.exit(1),
    );
});
// The program that started this one has ended.
process.once('disconnect', () => process.exit(1));

function carryOut(job: ClientJob): Promise<ReportOf<ClientJob>> {
  if (job.kind === 'attack') return attackWith(job);
  return job.kind === 'hold' ? hold(job) : openSessions(job);
}

function tell(progress: string): void {
  process.send?.({ progress } satisfies ClientMessage);
}

function telling(progress: () => string): () => void {
  const timer = setInterval(() => {
    tell(progress());
  }, PROGRESS_EVERY_MS);
  return () => {
    clearInterval(timer);
  };
}

async function attackWith({ bmc, how, attempts, addresses, names }: AttackJob): Promise<ReportOf<AttackJob>> {
  let begun = 0;
  const end = telling(() => `${begun} of ${attempts} attempts begun`);
  try {
    return await attack(bmc, how, attempts, {
      addresses,
      freshPorts: true,
      userNameOf: (attempt) => {
        begun = attempt;
        return names.length === 0 ? `junk${attempt}` : names[attempt % names.length];
      },
    });
  } finally {
    end();
  }
}

async function hold(job: HoldJob): Promise<HoldReport> {
  const logins: Record<string, number> = {};
  const end = telling(() => `logins so far: ${JSON.stringify(logins)}`);
  await Promise.all(Array.from({ length: job.clients }, (_, client) => holdOne(job, client, logins)));
  end();
  return { logins };
}

async function holdOne(job: HoldJob, client: number, logins: Record<string, number>): Promise<void> {
  const options = optionsOf(job, client, client);
  while (!stopped.signal.aborted) {
    try {
      const session = await UdpConsole.connect(options);
      count(logins, 'loggedIn');
      await keepOpen(session);
      await session.abandon();
    } catch (error) {
      count(logins, causeOf(error));
      await pause(RETRY_MS);
    }
  }
}

/** Until the session is ended for another one. */
async function keepOpen(session: UdpConsole): Promise<void> {
  while (!stopped.signal.aborted) {
    await pause(KEEP_ALIVE_MS);
    const answer = await session.request(getDeviceId, undefined).catch(() => undefined);
    if (answer === undefined) return;
  }
}

async function openSessions(job: SessionsJob): Promise<SessionsReport> {
  const { sessions, clients } = job;
  const failures: Record<string, number> = {};
  const startedAt = performance.now();
  let begun = 0;
  let completed = 0;
  const end = telling(() => `${completed} of ${sessions} sessions`);
  const client = async (): Promise<void> => {
    while (begun < sessions) {
      const number = begun++;
      try {
        const options = optionsOf(job, number, Math.floor(number / job.addresses.length));
        await (await UdpConsole.connect(options)).close();
        completed += 1;
      } catch (error) {
        count(failures, causeOf(error));
      }
    }
  };
  await Promise.all(Array.from({ length: clients }, client));
  end();
  return { completed, seconds: (performance.now() - startedAt) / 1_000, failures };
}

function optionsOf(
  { bmc, addresses, accounts }: HoldJob | SessionsJob,
  address: number,
  account: number,
): UdpConsoleOptions {
  const localAddress = addresses[address % addresses.length];
  if (localAddress === undefined) throw new Error('no address to come from');
  return consoleTo(bmc, { ...accounts[account % accounts.length], localAddress, randomBytes });
}

function count(counts: Record<string, number>, what: string): void {
  counts[what] = (counts[what] ?? 0) + 1;
}

function causeOf(error: unknown): string {
  return error instanceof ConsoleFailure ? (error.status ?? error.kind) : String(error);
}

/** `stop` cuts it short. */
async function pause(ms: number): Promise<void> {
  await sleep(ms, undefined, stopped).catch(() => undefined);
}
