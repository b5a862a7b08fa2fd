import { DomainMemory, SETTLE_MS } from '#worker/core/domain/domain-memory.ts';
import type { DomainState } from '#worker/core/terms/domain-action.ts';

/** `push STATE`, `readBack STATE` and `distrust`, with the time at which each came. */
type Step =
  readonly [at: number, what: 'push' | 'readBack', state: DomainState] | readonly [number, 'distrust'];

function after(steps: readonly Step[]): DomainMemory {
  const memory = new DomainMemory();
  for (const step of steps) {
    if (step[1] === 'distrust') memory.distrust();
    else memory[step[1]](step[2], step[0]);
  }
  return memory;
}

// prettier-ignore
const table: readonly (readonly [what: string, steps: readonly Step[], at: number, answer: DomainState | 'ask'])[] = [
  ['no report', [], 0, 'ask'],
  ['a push', [[0, 'push', 'running']], 1, 'running'],
  ['the later push', [[0, 'push', 'running'], [1, 'push', 'paused']], 2, 'paused'],
  ['the watch was lost', [[0, 'push', 'running'], [1, 'distrust']], 2, 'ask'],
  ['the watch is back', [[0, 'push', 'running'], [1, 'distrust'], [2, 'push', 'shutOff']], 3, 'shutOff'],
  ['a read-back alone', [[0, 'readBack', 'running']], 1, 'ask'],
  ['a read-back that agrees', [[0, 'push', 'running'], [1, 'readBack', 'running']], 2, 'running'],
  ['a read-back that agrees in power', [[0, 'push', 'inShutdown'], [1, 'readBack', 'running']], 2, 'inShutdown'],
  ['a read-back before its event', [[0, 'push', 'shutOff'], [10, 'readBack', 'running']], 11, 'ask'],
  ['and when its event has come', [[0, 'push', 'shutOff'], [10, 'readBack', 'running'], [12, 'push', 'running']], 13, 'running'],
  ['its event never came', [[0, 'push', 'shutOff'], [10, 'readBack', 'running']], 10 + 10 * SETTLE_MS, 'ask'],
  ['a late event from before the read-back', [[0, 'push', 'running'], [10, 'readBack', 'running'], [12, 'push', 'shutOff']], 13, 'ask'],
  ['and the one that follows', [[0, 'push', 'running'], [10, 'readBack', 'running'], [12, 'push', 'shutOff'], [14, 'push', 'running']], 15, 'running'],
  ['a change right after it', [[10, 'readBack', 'running'], [12, 'push', 'shutOff']], 10 + SETTLE_MS - 1, 'ask'],
  ['which counts in the end', [[10, 'readBack', 'running'], [12, 'push', 'shutOff']], 10 + SETTLE_MS, 'shutOff'],
  ['a change long after it', [[10, 'readBack', 'running'], [10 + SETTLE_MS, 'push', 'shutOff']], 10 + SETTLE_MS, 'shutOff'],
  ['the next read-back', [[0, 'push', 'running'], [10, 'readBack', 'running'], [20, 'readBack', 'shutOff']], 21, 'ask'],
  ['and its event', [[0, 'push', 'running'], [20, 'readBack', 'shutOff'], [22, 'push', 'inShutdown'], [23, 'push', 'shutOff']], 24, 'shutOff'],
];

test.each(table)('%s', (_what, steps, at, answer) => {
  expect(after(steps).recall(at)?.state ?? 'ask').toBe(answer);
});

test('a known state comes with the time of its report', () => {
  const memory = after([
    [0, 'push', 'running'],
    [30, 'push', 'running'],
  ]);
  expect(memory.recall(50)).toEqual({ state: 'running', since: 30 });
});
