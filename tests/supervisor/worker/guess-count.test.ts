import fc from 'fast-check';
import { GuessCount, guessCountLimits } from '#supervisor/worker/guess-count.ts';

const SOURCE = '198.51.100.66';
function guessing(count: GuessCount, nowMs = 0): Record<string, number> {
  return Object.fromEntries(count.guessing(nowMs));
}

test('a source that fails at three BMCs guesses; one that fails at two does not, however often', () => {
  const count = new GuessCount();
  for (let n = 0; n < 100; n += 1)
    for (const bmc of ['a', 'b']) count.note(bmc, [{ source: SOURCE, failures: 100 }], 0);
  expect(guessing(count)).toEqual({});

  count.note('c', [{ source: SOURCE, failures: 10 }], 0);
  expect(guessing(count)).toEqual({ [SOURCE]: 3 });
});

test('a source that tries one password at each of 30 BMCs guesses', () => {
  const count = new GuessCount();
  for (let bmc = 0; bmc < 29; bmc += 1) count.note(`bmc ${bmc}`, [{ source: SOURCE, failures: 1 }], bmc);
  expect(guessing(count)).toEqual({});
  count.note('bmc 29', [{ source: SOURCE, failures: 1 }], 29);
  expect(guessing(count)).toEqual({ [SOURCE]: 30 });
});

test('it is forgotten some time after its last failures, and when the BMCs are removed', () => {
  const count = new GuessCount();
  for (const bmc of ['a', 'b', 'c', 'd']) count.note(bmc, [{ source: SOURCE, failures: 10 }], 0);
  count.forget('d');
  expect(guessing(count)).toEqual({ [SOURCE]: 3 });
  expect(guessing(count, guessCountLimits.keptMs)).toEqual({ [SOURCE]: 3 });
  expect(guessing(count, guessCountLimits.keptMs + 1)).toEqual({});
  expect(count.size).toBe(0);
});

test('two workers that lie make no source guess, push out no other worker’s sources, and fill no memory', () => {
  const reports = fc.array(fc.record({ source: fc.nat(5_000), failures: fc.nat(1_000_000) }), {
    maxLength: 512,
  });
  fc.assert(
    fc.property(
      fc.array(fc.record({ bmc: fc.constantFrom('x', 'y'), reports }), { maxLength: 20 }),
      (lies) => {
        const count = new GuessCount();
        for (const bmc of ['a', 'b', 'c']) count.note(bmc, [{ source: SOURCE, failures: 10 }], 0);
        for (const { bmc, reports: told } of lies)
          count.note(
            bmc,
            told.map(({ source, failures }) => ({ source: `source ${source}`, failures })),
            1,
          );
        expect(guessing(count, 1)).toEqual({ [SOURCE]: 3 });
        expect(count.size).toBeLessThanOrEqual(1 + 2 * guessCountLimits.sourcesPerBmc);
      },
    ),
    { numRuns: 20 },
  );
});
