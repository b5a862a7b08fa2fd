/** Accounts of level user with 1,000 clients that take all the sessions they get, while others log in by ipmitool. */
import { setTimeout as sleep } from 'node:timers/promises';
import { limits } from '#worker/core/terms/limits.ts';
import type { IpmitoolOptions } from '#support/clients/ipmi-clients.ts';
import { describeDurations } from '#support/figures.ts';
import { waitFor } from '#support/wait-for.ts';
import { startClients } from './client-process.ts';
import { accountOf, type UserName } from '#support/clients/levelled-users.ts';
import { inFairLab, type FairLab } from './fair-lab.ts';
import type { PartContext } from './part.ts';

const CLIENTS = 1_000;
const TRIES = 100;
/** ipmitool comes from there. */
const OWN_ADDRESS = '127.0.0.1';

interface Round {
  readonly what: string;
  readonly accounts: readonly UserName[];
  readonly addresses: readonly string[];
  /** Sessions that they get. */
  readonly held: number;
}

const { sessionsPerUser, sessionsPerSource, sessionsUpToLevel } = limits;
const thousandAddresses = Array.from({ length: CLIENTS }, (_, n) => `127.2.${n >> 8}.${n & 255}`);
const three: readonly UserName[] = ['monitor', 'grafana', 'nagios'];

const rounds: readonly Round[] = [
  {
    what: 'one account at the same address',
    accounts: ['monitor'],
    addresses: [OWN_ADDRESS],
    held: sessionsPerUser.user,
  },
  {
    what: 'three accounts at the same address',
    accounts: three,
    addresses: [OWN_ADDRESS],
    held: sessionsPerSource.user,
  },
  {
    what: 'three accounts at 1,000 addresses',
    accounts: three,
    addresses: thousandAddresses,
    held: sessionsUpToLevel.user,
  },
];

export async function shareSessions(context: PartContext): Promise<void> {
  for (const round of rounds) await inFairLab(context, (fairLab) => takeSessions(fairLab, round, context));
}

async function takeSessions(
  fairLab: FairLab,
  { what, accounts, addresses, held }: Round,
  { report, print }: PartContext,
): Promise<void> {
  const bmc = fairLab.at(OWN_ADDRESS);
  const clients = startClients(
    { kind: 'hold', bmc, clients: CLIENTS, addresses, accounts: accounts.map(accountOf) },
    print,
  );
  const holding = async (): Promise<number> => {
    const byUser = await fairLab.sessionsByUser();
    return accounts.reduce((sum, account) => sum + (byUser[account] ?? 0), 0);
  };
  await report.step(`1,000 clients, ${what}`, async () => {
    const reached = await waitFor(
      `${held} sessions`,
      async () => {
        const now = await holding();
        if (now < held) throw new Error(`${now} sessions`);
        return now;
      },
      { timeoutMs: 120_000 },
    );
    if (reached > held) throw new Error(`${reached} sessions, more than ${held}`);
    return `they hold ${reached} sessions, and go on trying`;
  });
  const { userName: user, password } = accountOf('ironic');
  const operator = { user, password, privilegeLevel: 'OPERATOR' } as const;
  await report.step('  an administrator meanwhile', () => logIn(fairLab, {}));
  await report.step('  an operator meanwhile', () => logIn(fairLab, operator));
  await report.step('  the clients', async () => {
    const byUser = await fairLab.sessionsByUser();
    clients.stop();
    return `held at the end: ${JSON.stringify(byUser)}; their logins: ${JSON.stringify((await clients.report).logins)}`;
  });
  await report.step('  the worker', async () => {
    const [listed] = await fairLab.lab.vbmcList();
    if (listed?.restarts !== 0) throw new Error(`restarts: ${listed?.restarts ?? 'unknown'}`);
    return 'has not been restarted';
  });
}

/** By ipmitool, which logs in, asks, and closes its session. */
async function logIn({ lab }: FairLab, options: IpmitoolOptions): Promise<string> {
  const bmc = { ...lab.bmc(0), address: OWN_ADDRESS };
  const durationsMs: number[] = [];
  const failures: string[] = [];
  for (let attempt = 0; attempt < TRIES; attempt += 1) {
    const { exitCode, stdout, stderr, durationMs } = await lab.ipmitool(bmc, ['power', 'status'], options);
    durationsMs.push(durationMs);
    if (exitCode !== 0 || stdout !== 'Chassis Power is on\n') failures.push(`${stdout}${stderr}`.trim());
    await sleep(50);
  }
  const entered = TRIES - failures.length;
  const figures = `${entered} of ${TRIES} got in; ${describeDurations(durationsMs)}`;
  if (failures.length > 0) throw new Error(`${figures}; ${failures.slice(0, 3).join('; ')}`);
  return figures;
}
