/** Starting many BMCs without bringing the machine to a stand. */
import { availableParallelism } from 'node:os';
import type { SupervisedBmc } from './supervised-bmc.ts';

/**
 * A worker that starts keeps one processor busy, and a fork blocks until the new process is scheduled. A
 * hundred at a time would all be ready at the end only, after some 10 s on two busy processors, and leave the
 * control socket unanswered until then. Four for each processor take hardly longer in all, the first of them
 * answers after 0.4 s, and half of them in half the time.
 */
const AT_A_TIME = 4 * availableParallelism();
/** One that takes longer does not hold up those behind it. */
const PATIENCE_MS = 5_000;

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
      await bmc.settled(PATIENCE_MS);
    }
  };
  await Promise.all(Array.from({ length: AT_A_TIME }, startNext));
}
