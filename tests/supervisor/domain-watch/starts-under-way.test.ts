import { StartsUnderWay } from '#supervisor/domain-watch/starts-under-way.ts';

const [first, second] = [{}, {}];
type Step = (starts: StartsUnderWay) => void;
function begins(bmc: object, nowMs: number): Step {
  return (starts) => {
    starts.begin('a', bmc, nowMs);
  };
}
function ends(bmc: object): Step {
  return (starts) => {
    starts.end('a', bmc);
  };
}
function leaves(bmc: object, nowMs: number): Step {
  return (starts) => {
    starts.leave('a', bmc, nowMs);
  };
}
function answersAll(askedAtMs: number): Step {
  return (starts) => {
    starts.answeredAll(askedAtMs);
  };
}

/** For how long the start takes after these steps, at 100; undefined: there is none. */
test.each<readonly [what: string, steps: readonly Step[], forMs: number | undefined]>([
  ['nothing', [], undefined],
  ['a start', [begins(first, 10)], 90],
  ['a start that is told twice', [begins(first, 10), begins(first, 20)], 90],
  ['a start that has ended', [begins(first, 10), ends(first)], undefined],
  ['an end without a start', [ends(first)], undefined],
  ['a worker that goes without a start', [leaves(first, 20)], undefined],
  ['a worker that has gone', [begins(first, 10), leaves(first, 20)], 80],
  ['a worker that goes after its end', [begins(first, 10), ends(first), leaves(first, 20)], undefined],
  [
    'an answer to a question from before it had gone',
    [begins(first, 10), leaves(first, 20), answersAll(19)],
    80,
  ],
  [
    'an answer to a question from after that',
    [begins(first, 10), leaves(first, 20), answersAll(20)],
    undefined,
  ],
  ['an answer about all while the worker waits', [begins(first, 10), answersAll(90)], 90],
  ['a next worker that waits', [begins(first, 10), leaves(first, 20), begins(second, 30)], 70],
  [
    'a next worker with an answer',
    [begins(first, 10), leaves(first, 20), begins(second, 30), ends(second)],
    undefined,
  ],
  ['two BMCs of one domain, one has its answer', [begins(first, 10), begins(second, 30), ends(first)], 70],
])('%s: %p', (_what, steps, forMs) => {
  const starts = new StartsUnderWay();
  for (const step of steps) step(starts);
  expect(starts.has('a')).toBe(forMs !== undefined);
  expect(starts.has('b')).toBe(false);
  expect(starts.longerThan(0, 100).get('a')).toBe(forMs);
  if (forMs === undefined) return;
  expect([...starts.longerThan(forMs, 100).keys()]).toEqual(['a']);
  expect(starts.longerThan(forMs + 1, 100).size).toBe(0);
});
