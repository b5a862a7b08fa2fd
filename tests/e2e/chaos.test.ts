/** A short chaos of a fixed seed; `npm run test:chaos` goes on for as long as asked for. */
import { runChaos } from '#lab/chaos/chaos.ts';
import { installPrograms } from '#lab/debian-packages.ts';
import { printFigure } from '#support/figures.ts';

const SEED = 3;
const DURATION_MS = 75_000;
const DOMAINS = 4;

test('every change that was acknowledged has happened once, and every other one is whole or told', async () => {
  const print = (line: string): void => {
    printFigure('chaos', line);
  };
  await installPrograms({ strace: 'strace' }, { print });
  const { signal } = new AbortController();
  const options = { seed: SEED, durationMs: DURATION_MS, domains: DOMAINS, print, signal };
  const { tally, report, faults } = await runChaos(options);
  for (const line of report) print(line);
  expect(tally.violations).toEqual([]);
  expect(tally.outcomes.get('acknowledged')).toBeGreaterThan(5);
  expect([...faults.values()].reduce((sum, count) => sum + count, 0)).toBeGreaterThan(3);
}, 600_000);
