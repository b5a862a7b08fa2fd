import { DomainMemory } from '#worker/core/domain/domain-memory.ts';
import type { DomainState } from '#worker/core/terms/domain-action.ts';
import { limits } from '#worker/core/terms/limits.ts';
import {
  HEARTBEAT_LIMIT_MS,
  SINGLE_ANSWER_MS,
  SINGLE_ROUND_MS,
  SNAPSHOT_DEADLINE_MS,
  SNAPSHOT_RESYNC_MS,
} from '#supervisor/supervision/supervision-times.ts';

/**
 * `push STATE ASKED_AT`, `readBack STATE`, `read STATE`, `hear` (the supervisor), `expectStart` and `distrust`, with the time at which
 * each came. A push without ASKED_AT tells of an event.
 */
type Step =
  | readonly [at: number, what: 'push', state: DomainState, askedAt?: number]
  | readonly [at: number, what: 'readBack' | 'read', state: DomainState]
  | readonly [at: number, what: 'distrust' | 'hear' | 'expectStart', state?: undefined];

function after(steps: readonly Step[]): DomainMemory {
  const memory = new DomainMemory();
  for (const [at, what, domainState, askedAt] of steps) {
    if (what === 'distrust') memory.distrust();
    else if (domainState === undefined) memory[what === 'hear' ? 'hear' : 'expectStart'](at);
    else if (what === 'push') memory.push({ domainState, ...(askedAt !== undefined && { askedAt }) }, at);
    else memory[what === 'read' ? 'read' : 'readBack'](domainState, at);
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
  ['its event never came', [[0, 'push', 'shutOff'], [10, 'readBack', 'running']], 10_000, 'ask'],
  ['a late event from before the read-back', [[0, 'push', 'running'], [10, 'readBack', 'running'], [12, 'push', 'shutOff']], 13, 'ask'],
  ['and the one that follows', [[0, 'push', 'running'], [10, 'readBack', 'running'], [12, 'push', 'shutOff'], [14, 'push', 'running']], 15, 'running'],
  ['an event long after the read-back: nobody knows how late it is', [[10, 'readBack', 'shutOff'], [20_000, 'push', 'running']], 25_000, 'ask'],
  ['and confirmed', [[10, 'readBack', 'shutOff'], [20_000, 'push', 'running'], [21_010, 'push', 'running', 21_000]], 25_000, 'running'],
  ['and the next event', [[10, 'readBack', 'shutOff'], [40, 'push', 'shutOff', 20], [20_000, 'push', 'running']], 20_001, 'running'],
  ['what was asked before the read-back', [[10, 'readBack', 'shutOff'], [5_000, 'push', 'running', 9]], 9_000, 'ask'],
  ['what was asked after it', [[10, 'readBack', 'shutOff'], [12, 'push', 'running', 10]], 13, 'running'],
  ['what was asked before it, and agrees', [[10, 'readBack', 'running'], [12, 'push', 'paused', 9]], 13, 'paused'],
  ['what was asked before a read', [[10, 'read', 'shutOff'], [5_000, 'push', 'running', 9]], 9_000, 'ask'],
  ['what was asked after it', [[10, 'read', 'shutOff'], [12, 'push', 'running', 11]], 13, 'running'],
  ['a read that contradicts the push', [[0, 'push', 'running', -1], [10, 'read', 'shutOff']], 11, 'ask'],
  ['a start that may fail without an event', [[0, 'push', 'startingUp', 0]], 1, 'ask'],
  ['the same from an image', [[0, 'push', 'migrating', 0]], 1, 'ask'],
  ['and when it is complete', [[0, 'push', 'startingUp', 0], [1, 'push', 'running']], 2, 'running'],
  ['the next read-back', [[0, 'push', 'running'], [10, 'readBack', 'running'], [20, 'readBack', 'shutOff']], 21, 'ask'],
  ['a push, and the supervisor has just been heard', [[0, 'push', 'running'], [SILENCE - 1, 'hear']], 2 * SILENCE - 2, 'running'],
  ['a silent supervisor', [[0, 'push', 'running'], [1_000, 'hear']], 1_000 + SILENCE, 'ask'],
  ['a supervisor that is heard again', [[0, 'push', 'running'], [SILENCE, 'hear']], SILENCE + 1, 'ask'],
  ['and tells the state', [[0, 'push', 'running'], [SILENCE, 'hear'], [SILENCE + 1, 'push', 'shutOff']], SILENCE + 2, 'shutOff'],
  ['a push that nothing confirms', [[0, 'push', 'running'], ...heard(BELIEVED)], BELIEVED, 'ask'],
  ['a push that is confirmed', [[0, 'push', 'running'], ...heard(BELIEVED - 1), [BELIEVED - 1, 'push', 'running']], BELIEVED, 'running'],
  ['off, and a start may still come through', [[0, 'push', 'shutOff'], [10, 'expectStart']], 11, 'ask'],
  ['what was asked before that', [[0, 'push', 'shutOff'], [10, 'expectStart'], [12, 'push', 'shutOff', 9]], 13, 'ask'],
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
