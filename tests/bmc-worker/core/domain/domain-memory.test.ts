import { DomainMemory, SETTLE_MS } from '#worker/core/domain/domain-memory.ts';
import type { DomainState } from '#worker/core/terms/domain-action.ts';
import { limits } from '#worker/core/terms/limits.ts';
import {
  HEARTBEAT_LIMIT_MS,
  SINGLE_ANSWER_MS,
  SINGLE_ROUND_MS,
  SNAPSHOT_DEADLINE_MS,
  SNAPSHOT_RESYNC_MS,
} from '#supervisor/supervision/supervision-times.ts';

/** `push STATE`, `readBack STATE`, `hear` (the supervisor) and `distrust`, with the time at which each came. */
type Step =
  | readonly [at: number, what: 'push' | 'readBack', state: DomainState]
  | readonly [at: number, what: 'distrust' | 'hear' | 'expectStart', state?: undefined];

function after(steps: readonly Step[]): DomainMemory {
  const memory = new DomainMemory();
  for (const [at, what, state] of steps) {
    if (what === 'distrust') memory.distrust();
    else if (what === 'hear') memory.hear(at);
    else if (what === 'expectStart') memory.expectStart();
    else if (state !== undefined) memory[what](state, at);
  }
  return memory;
}

const { supervisorSilenceMs: SILENCE, stateBelievedMs: BELIEVED } = limits;
/** The supervisor pings. */
function heard(untilMs: number): Step[] {
  return Array.from({ length: Math.ceil(untilMs / 2_500) }, (_, at): Step => [at * 2_500, 'hear']);
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
  ['its event never came', [[0, 'push', 'shutOff'], [10, 'readBack', 'running']], 10 + 9 * SETTLE_MS, 'ask'],
  ['a late event from before the read-back', [[0, 'push', 'running'], [10, 'readBack', 'running'], [12, 'push', 'shutOff']], 13, 'ask'],
  ['and the one that follows', [[0, 'push', 'running'], [10, 'readBack', 'running'], [12, 'push', 'shutOff'], [14, 'push', 'running']], 15, 'running'],
  ['a change right after it', [[10, 'readBack', 'running'], [12, 'push', 'shutOff']], 10 + SETTLE_MS - 1, 'ask'],
  ['which counts in the end', [[10, 'readBack', 'running'], [12, 'push', 'shutOff']], 10 + SETTLE_MS, 'shutOff'],
  ['a change long after it', [[10, 'readBack', 'running'], [10 + SETTLE_MS, 'push', 'shutOff']], 10 + SETTLE_MS, 'shutOff'],
  ['the next read-back', [[0, 'push', 'running'], [10, 'readBack', 'running'], [20, 'readBack', 'shutOff']], 21, 'ask'],
  ['a push, and the supervisor has just been heard', [[0, 'push', 'running'], [SILENCE - 1, 'hear']], 2 * SILENCE - 2, 'running'],
  ['a silent supervisor', [[0, 'push', 'running'], [1_000, 'hear']], 1_000 + SILENCE, 'ask'],
  ['a supervisor that is heard again', [[0, 'push', 'running'], [SILENCE, 'hear']], SILENCE + 1, 'ask'],
  ['and tells the state', [[0, 'push', 'running'], [SILENCE, 'hear'], [SILENCE + 1, 'push', 'shutOff']], SILENCE + 2, 'shutOff'],
  ['a push that nothing confirms', [[0, 'push', 'running'], ...heard(BELIEVED)], BELIEVED, 'ask'],
  ['a push that is confirmed', [[0, 'push', 'running'], ...heard(BELIEVED - 1), [BELIEVED - 1, 'push', 'running']], BELIEVED, 'running'],
  ['off, and a start may still come through', [[0, 'push', 'shutOff'], [10, 'expectStart']], 11, 'ask'],
  ['off, reported after that', [[0, 'push', 'shutOff'], [10, 'expectStart'], [12, 'push', 'shutOff']], 13, 'shutOff'],
  ['on, whatever may come through', [[0, 'push', 'paused'], [10, 'expectStart']], 11, 'paused'],
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

test('the watch confirms a state before it is too old, and the supervisor pings before it counts as silent', () => {
  // An unchanged state is published by the first snapshot that comes half a period after the last report.
  expect(SNAPSHOT_RESYNC_MS / 2 + SNAPSHOT_RESYNC_MS + SNAPSHOT_DEADLINE_MS).toBeLessThan(BELIEVED);
  expect(SINGLE_ROUND_MS + SINGLE_ANSWER_MS).toBeLessThan(BELIEVED);
  expect(HEARTBEAT_LIMIT_MS).toBeLessThanOrEqual(SILENCE);
});
