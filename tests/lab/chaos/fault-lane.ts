/** One fault after the other, at random moments. */
import { setTimeout as sleep } from 'node:timers/promises';
import type { SeededRandom } from '#support/seeded-random.ts';
import type { ChaosScene } from './chaos-scene.ts';
import { drawFault, type FaultKind, type Lane } from './fault.ts';
import { inflict } from './inflict-fault.ts';

const LONGEST_GAP_MS = 4_000;
/** A power cycle takes some 2 s: the fault comes anywhere in it. */
const LONGEST_AIM_MS = 2_500;

export interface LaneOptions {
  readonly lane: Lane;
  readonly isSparing: boolean;
  readonly available: ReadonlySet<FaultKind>;
  readonly random: SeededRandom;
  readonly isOver: () => boolean;
}

/** Resolves when the last fault is taken back. */
export async function runFaults(scene: ChaosScene, options: LaneOptions): Promise<void> {
  const { random, isOver, ...choice } = options;
  const { domains, busy, ledger, now, signal } = scene;
  while (!isOver() && !signal.aborted) {
    await sleep(random.below(LONGEST_GAP_MS));
    const commanded = [...busy];
    const fault = drawFault(random, {
      ...choice,
      domains: domains.length,
      busy: commanded[random.below(Math.max(1, commanded.length))],
    });
    await sleep(random.below(LONGEST_AIM_MS));
    if (isOver()) return;
    const end = ledger.begin(fault, now());
    try {
      await inflict(scene, fault);
    } finally {
      end(now());
    }
  }
}
