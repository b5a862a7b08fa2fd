/** Rounds of faults while clients work, each followed by a rest in which everything must become as it should be. */
import { setTimeout as sleep } from 'node:timers/promises';
import { SeededRandom } from '#support/seeded-random.ts';
import { availableFaults, startChaos } from './chaos-lab.ts';
import type { ChaosScene } from './chaos-scene.ts';
import { checkBugs, checkInventory, checkWorkers, workers } from './check-rest.ts';
import { DomainDriver } from './domain-driver.ts';
import type { FaultKind } from './fault.ts';
import { runFaults } from './fault-lane.ts';
import { leftBehind } from './left-behind.ts';
import { Tally } from './tally.ts';

const ROUND_MS = 45_000;
const SHORTEST_ROUND_MS = 20_000;
const PROGRESS_MS = 30_000;

export interface ChaosRun {
  readonly seed: number;
  readonly durationMs: number;
  /** Six at most. */
  readonly domains: number;
  readonly print: (line: string) => void;
  readonly signal: AbortSignal;
}

export interface ChaosResult {
  readonly tally: Tally;
  readonly report: readonly string[];
  readonly faults: ReadonlyMap<FaultKind, number>;
}

export async function runChaos({ seed, durationMs, domains, print, signal }: ChaosRun): Promise<ChaosResult> {
  const tally = new Tally(print);
  const scene = await startChaos({ seed, domains, tally, signal });
  const { now, ledger, libvirt } = scene;
  const { kinds, missing } = availableFaults(scene);
  for (const line of missing) print(`  without ${line}`);
  const progress = setInterval(() => {
    print(`  ${(now() / 60_000).toFixed(1)} min: ${tally.progress()}; ${total(ledger.countByKind())} faults`);
  }, PROGRESS_MS);
  try {
    const drivers = scene.domains.map((domain) => new DomainDriver(scene, domain));
    const random = new SeededRandom(seed);
    while (!signal.aborted && durationMs - now() > SHORTEST_ROUND_MS) {
      const isSparing = tally.rounds % 2 === 0;
      await runRound(scene, {
        drivers,
        random,
        isSparing,
        kinds,
        until: Math.min(durationMs, now() + ROUND_MS),
      });
    }
    if (!signal.aborted) await checkEnd(scene);
  } finally {
    clearInterval(progress);
    // Otherwise it would be started again for ever where a round has failed.
    await scene.vbmcd.stop();
    await libvirt.stop();
  }
  const faults = ledger.countByKind();
  return { tally, faults, report: tally.report(faults) };
}

interface Round {
  readonly drivers: readonly DomainDriver[];
  readonly random: SeededRandom;
  readonly isSparing: boolean;
  readonly kinds: ReadonlySet<FaultKind>;
  readonly until: number;
}

async function runRound(scene: ChaosScene, round: Round): Promise<void> {
  const { tally, now } = scene;
  const { drivers, random, isSparing, kinds, until } = round;
  tally.rounds += 1;
  if (isSparing) tally.sparingRounds += 1;
  const since = now();
  const before = await workers(scene);
  const isOver = (): boolean => now() > until;
  const lanes = (['process', 'surroundings'] as const).map((lane) =>
    runFaults(scene, {
      ...{ lane, isSparing, isOver, available: kinds },
      random: new SeededRandom(random.next()),
    }),
  );
  await Promise.all([...lanes, ...drivers.map((driver) => driver.drive(isOver))]);
  if (scene.signal.aborted) return;
  await checkInventory(scene);
  await checkBugs(scene, since);
  for (const driver of drivers) await driver.check();
  if (isSparing) checkWorkers(scene, before, await workers(scene), since);
}

/** vbmcd ends in good order, and leaves nothing. */
async function checkEnd(scene: ChaosScene): Promise<void> {
  const { vbmcd, tally, ledger, now } = scene;
  const how = await vbmcd.stop();
  if (how !== 0) tally.violate({ kind: 'vbmcd', what: `vbmcd has ended with ${how}`, history: [] });
  await sleep(1_000);
  const history = ledger.history(undefined, now());
  for (const what of await leftBehind(scene)) tally.violate({ kind: 'left over', what, history });
}

function total(counts: ReadonlyMap<string, number>): number {
  return [...counts.values()].reduce((sum, count) => sum + count, 0);
}
