import { HANG_PROCESSOR_MS } from '#supervisor/supervision/supervision-times.ts';
import { awaitsProcessor } from '#supervisor/worker/silence.ts';

const before = { state: 'S', processorMs: 5_000 };

test.each([
  ['stopped', 'T', 0, false],
  ['asleep, in a deadlock', 'S', 0, false],
  ['waiting for a disk', 'D', 0, false],
  ['ended and not reaped', 'Z', 0, false],
  ['runnable, without a processor', 'R', 0, true],
  ['runnable, with a little of one', 'R', HANG_PROCESSOR_MS - 10, true],
  ['in an endless loop', 'R', HANG_PROCESSOR_MS, false],
])('%s', (_what, state, usedMs, awaits) => {
  expect(awaitsProcessor(before, { state, processorMs: before.processorMs + usedMs })).toBe(awaits);
});

test('of a process that has gone nothing is known', () => {
  expect(awaitsProcessor(undefined, { state: 'R', processorMs: 0 })).toBe(false);
  expect(awaitsProcessor(before, undefined)).toBe(false);
});
