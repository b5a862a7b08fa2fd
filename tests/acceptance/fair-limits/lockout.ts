/**
 * 30,000 failed logins from one address, on IPv4 and on IPv6, while legitimate users poll each second: one at the same address,
 * one at another address of the same network, and one that comes from an address it has never been at.
 */
import { setTimeout as sleep } from 'node:timers/promises';
import { limits } from '#worker/core/terms/limits.ts';
import { consoleTo } from '#support/clients/console-to.ts';
import { showBmc } from '#support/clients/show-bmc.ts';
import { startSteadyPolls } from '#support/clients/steady-polls.ts';
import type { SteadyReport } from '#support/clients/steady-requests.ts';
import { describeDurations } from '#support/figures.ts';
import type { Attack, AttackReport } from '#support/hostile/attackers.ts';
import type { PartContext } from './part.ts';
import { startClients } from './client-process.ts';
import { inFairLab, type FairLab } from './fair-lab.ts';

const ATTEMPTS = 10_000;
const ATTACKERS = 8;
/** The network of the IPv6 addresses, without the last group. */
export const IPV6_NETWORK = 'fd77::';

interface Addresses {
  readonly family: string;
  readonly bmc: string;
  readonly attackers: string;
  readonly neighbour: string;
  /** Another one for each poll. */
  readonly fresh: (poll: number) => string;
}

const families: readonly Addresses[] = [
  {
    family: 'IPv4',
    bmc: '127.0.0.1',
    attackers: '127.0.0.66',
    neighbour: '127.0.0.7',
    fresh: (poll) => `127.1.${poll >> 8}.${poll & 255}`,
  },
  {
    family: 'IPv6',
    bmc: `${IPV6_NETWORK}1`,
    attackers: `${IPV6_NETWORK}66`,
    neighbour: `${IPV6_NETWORK}7`,
    fresh: (poll) => `${IPV6_NETWORK}f:${poll.toString(16)}`,
  },
];

interface Round {
  readonly what: string;
  readonly how: Attack;
  readonly names: readonly string[];
}

const realNames = ['admin', 'monitor', 'ironic'];
const rounds: readonly Round[] = [
  { what: 'over junk names', how: 'guess', names: [] },
  { what: 'over real names', how: 'guess', names: realNames },
  { what: 'half-open, real names', how: 'halfOpen', names: realNames },
];

export async function lockOut(context: PartContext): Promise<void> {
  const { report, hasOwnNetwork } = context;
  await inFairLab(context, async (fairLab) => {
    for (const addresses of families) {
      if (addresses.family === 'IPv6' && !hasOwnNetwork) {
        report.skip('10,000 failures on IPv6', 'a network of its own needs root');
        continue;
      }
      for (const round of rounds) await attackAndPoll(fairLab, addresses, round, context);
    }
    await report.step('no network is locked out', async () => {
      const { strangers } = await showBmc(fairLab.lab, 'node-0');
      const { lockedOut = [], lockouts = 0, refusedLogins = 0 } = strangers ?? {};
      const networks = lockedOut.filter(({ source }) => source.includes('/'));
      if (networks.length > 0) throw new Error(JSON.stringify(networks));
      return `${lockouts} lock-outs of a name at an address, ${refusedLogins} logins refused or given up`;
    });
  });
}

async function attackAndPoll(
  fairLab: FairLab,
  { family, bmc, attackers, neighbour, fresh }: Addresses,
  { what, how, names }: Round,
  { report, print }: PartContext,
): Promise<void> {
  const { lab } = fairLab;
  const target = fairLab.at(bmc);
  const { pid } = await showBmc(lab, 'node-0');
  const pollFrom = (addressOf: (poll: number) => string) =>
    startSteadyPolls((poll) => consoleTo(target, { localAddress: addressOf(poll) }));
  const polls = {
    'at the same address': pollFrom(() => attackers),
    'at another one of the network': pollFrom(() => neighbour),
    'each from a new address': pollFrom(fresh),
  };
  // The first poll of each, so that the one at the attackers' address is known there.
  await sleep(3_000);
  await report.step(`${family}: 10,000 ${what}`, async () => {
    const addresses = new Array<string>(ATTACKERS).fill(attackers);
    const { report: attacked } = startClients(
      { kind: 'attack', bmc: target, how, attempts: ATTEMPTS, addresses, names },
      print,
    );
    return describeAttack(await attacked);
  });
  // Logins that are given up count as failed when their time is over.
  if (how === 'halfOpen') await sleep(limits.handshakeMs + 5_000);
  for (const [who, poll] of Object.entries(polls))
    await report.step(`  a legitimate user ${who}`, async () => describePolls(await poll.stop()));
  await report.step('  the worker', async () => {
    const after = await showBmc(lab, 'node-0');
    if (after.pid !== pid) throw new Error(`it was ${pid ?? 'none'}, and is ${after.pid ?? 'none'}`);
    return `still ${pid ?? 'none'}`;
  });
}

function describeAttack({ attempts, seconds, ends }: AttackReport): string {
  if ('rakpMessage4' in ends) throw new Error('a wrong password was accepted');
  return `in ${seconds.toFixed(0)} s, ${Math.round(attempts / seconds)} a second; the last answers: ${JSON.stringify(ends)}`;
}

function describePolls({ failures, retransmissions, durationsMs }: SteadyReport): string {
  if (failures.length > 0)
    throw new Error(`${failures.length} of ${durationsMs.length} failed: ${failures.slice(0, 3).join('; ')}`);
  return `${durationsMs.length} polls, 0 failures, ${retransmissions} retransmissions; ${describeDurations(durationsMs)}`;
}
