import { ClosedLoop, type Line } from './closed-loop.ts';
import { LoadCount } from './load-count.ts';
import type { LoadResult } from './load-job.ts';

const TICK_MS = 250;

/** One line of the load, and the requests that will go over it. */
export interface LoadedLine {
  readonly line: Line;
  /** Index of its target. */
  readonly target: number;
  readonly requests: readonly Uint8Array[];
  /** What is wrong with this answer; undefined when it is right. */
  readonly examine: (answer: Uint8Array, index: number) => string | undefined;
}

/** Runs a closed loop on each line at the same time, until time or the first stock is used up; then reads the answers. */
export async function runLoops(
  lines: readonly LoadedLine[],
  options: { readonly targets: number; readonly seconds: number; readonly pauseMs: number },
): Promise<LoadResult & { readonly sent: readonly number[] }> {
  const count = new LoadCount(options.targets);
  const loops: ClosedLoop[] = [];
  let running = lines.length;
  const finish = await new Promise<() => LoadResult>((resolve) => {
    const stopAll = (): void => {
      for (const loop of loops) loop.stop();
    };
    const ticking = setInterval(() => {
      for (const loop of loops) loop.tick();
    }, TICK_MS);
    const timer = setTimeout(stopAll, options.seconds * 1000);
    for (const { line, target, requests } of lines) {
      loops.push(
        new ClosedLoop(line, {
          requests,
          pauseMs: options.pauseMs,
          onAnswer: (durationMs) => {
            count.completed(target, durationMs);
          },
          onTimeout: () => {
            count.failed('no answer within 1 s');
          },
          onEnd: () => {
            running -= 1;
            if (running > 0) {
              // One stock is used up: with fewer sessions it would be another load.
              queueMicrotask(stopAll);
              return;
            }
            clearInterval(ticking);
            clearTimeout(timer);
            resolve(count.stop());
          },
        }),
      );
    }
    for (const loop of loops) loop.start();
  });
  for (const [at, loop] of loops.entries()) {
    for (let index = 0; index < loop.sent; index += 1) {
      const answer = loop.answerTo(index);
      const wrong = answer && lines[at]?.examine(answer, index);
      if (wrong !== undefined) count.failed(wrong);
    }
  }
  return { ...finish(), sent: loops.map(({ sent }) => sent) };
}
