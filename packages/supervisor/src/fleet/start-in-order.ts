/** Starts many BMCs without overloading the machine. */
import { availableParallelism } from 'node:os';
import { STARTS_PER_PROCESSOR, START_TURN_MS } from '../supervision/supervision-times.ts';
import type { SupervisedBmc } from './supervised-bmc.ts';

/** Starts them in their order, some at a time; resolves when each answers, has failed or has taken too long. */
export async function startInOrder(
  bmcs: readonly SupervisedBmc[],
  isCancelled: () => boolean,
): Promise<void> {
  const queue = bmcs[Symbol.iterator]();
  const startNext = async (): Promise<void> => {
    for (const bmc of queue) {
      if (isCancelled()) return;
      bmc.start();
      await bmc.settled(START_TURN_MS);
    }
  };
  await Promise.all(Array.from({ length: STARTS_PER_PROCESSOR * availableParallelism() }, startNext));
}
