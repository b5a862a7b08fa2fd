/** Starts many BMCs without overloading the machine. */
import { availableParallelism } from 'node:os';
import type { Clock } from '../host/clock.ts';
import { END_LIMIT_MS, STARTS_PER_PROCESSOR, START_TURN_MS } from '../supervision/supervision-times.ts';
import { isOverWithin } from '../supervision/within.ts';
import type { SupervisedBmc } from './supervised-bmc.ts';

export interface StartConditions {
  readonly clock: Clock;
  /** Whether the BMC is not to be started any more. */
  readonly isCancelled: (bmc: SupervisedBmc) => boolean;
  /** Resolves when the BMC can start, which holds up no other one; `undefined`: it can at once. */
  readonly untilPossible: (bmc: SupervisedBmc) => Promise<void> | undefined;
}

/**
 * Starts them in the order in which they can start, some at a time; resolves when each answers, has failed or has taken
 * too long. One that cannot start for long is started later.
 */
export async function startInOrder(
  bmcs: readonly SupervisedBmc[],
  { clock, isCancelled, untilPossible }: StartConditions,
): Promise<void> {
  const queue: (() => Promise<void>)[] = [];
  let freeTurns = STARTS_PER_PROCESSOR * availableParallelism();
  const startNext = (): void => {
    while (freeTurns > 0) {
      const start = queue.shift();
      if (start === undefined) return;
      freeTurns -= 1;
      void start().finally(() => {
        freeTurns += 1;
        startNext();
      });
    }
  };
  const started = bmcs.map(
    (bmc) =>
      new Promise<void>((resolve) => {
        const enqueue = (): void => {
          queue.push(async () => {
            if (!isCancelled(bmc)) {
              bmc.start();
              await bmc.settled(START_TURN_MS);
            }
            resolve();
          });
          startNext();
        };
        const blocked = untilPossible(bmc);
        if (blocked === undefined) {
          enqueue();
          return;
        }
        void blocked.then(enqueue);
        void isOverWithin(clock, END_LIMIT_MS, blocked).then((isPossible) => {
          if (!isPossible) resolve();
        });
      }),
  );
  await Promise.all(started);
}
