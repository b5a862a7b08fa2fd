import fc from 'fast-check';
import { STABLE_PERIOD_MS } from '#supervisor/supervision/supervision-times.ts';
import { bindRetryDelayMs, decideRestart, noCrashes } from '#supervisor/worker/restart-policy.ts';

function delaysOfCrashLoop(crashes: number, random: () => number): number[] {
  let history = noCrashes;
  return Array.from({ length: crashes }, () => {
    const decision = decideRestart(history, 0, 10, random);
    history = decision.history;
    return decision.delayMs;
  });
}

test('the first restart is at once, then the delay doubles up to 30 s and stays there', () => {
  expect(delaysOfCrashLoop(11, () => 0)).toEqual([
    0, 250, 500, 1000, 2000, 4000, 8000, 16_000, 30_000, 30_000, 30_000,
  ]);
});

test('jitter takes away up to half', () => {
  expect(delaysOfCrashLoop(3, () => 0.999_999)).toEqual([0, 125, 250]);
});

test('after a stable period earlier crashes no longer count', () => {
  const decision = decideRestart({ crashes: 20 }, 1000, 1000 + STABLE_PERIOD_MS, () => 0);
  expect(decision).toEqual({ delayMs: 0, history: { crashes: 1 } });
});

test('just short of a stable period earlier crashes still count', () => {
  expect(decideRestart({ crashes: 20 }, 0, STABLE_PERIOD_MS - 1, () => 0).delayMs).toBe(30_000);
});

test('it never gives up and never waits longer than 30 s, however often the worker crashed', () => {
  const unit = fc.double({ min: 0, max: 1, maxExcluded: true, noNaN: true });
  fc.assert(
    fc.property(fc.nat(), fc.nat(), unit, (crashes, ranMs, random) => {
      const { delayMs, history } = decideRestart({ crashes }, 0, ranMs, () => random);
      expect(delayMs).toBeGreaterThanOrEqual(0);
      expect(delayMs).toBeLessThanOrEqual(30_000);
      expect(history.crashes).toBeGreaterThan(0);
    }),
  );
});

test('a socket that cannot be bound is retried within 10 s', () => {
  expect([1, 2, 3, 7, 1000].map((failures) => bindRetryDelayMs(failures, () => 0))).toEqual([
    250, 500, 1000, 10_000, 10_000,
  ]);
});
