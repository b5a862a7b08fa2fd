/** The model that judges the chaos is judged here itself: each invariant can fail. */
import type { ChaosCommand, PowerVerb } from './command.ts';
import type { DomainFacts } from './domain-facts.ts';
import {
  bootsOf,
  bootsSince,
  judgeAcknowledged,
  judgeQuiet,
  judgeUnacknowledged,
  type Told,
} from './judge-change.ts';

const off: DomainFacts = {
  ...{ state: 'shut off', process: undefined, starts: 4, resets: 2, boots: 6, libvirtLife: 1 },
};
const on: DomainFacts = { ...off, state: 'running', process: 'process 10 of 100' };
/** After a start. */
const started: DomainFacts = { ...on, process: 'process 11 of 200', starts: 5 };
/** After two. */
const startedTwice: DomainFacts = { ...started, process: 'process 12 of 300', starts: 6 };
const reset: DomainFacts = { ...on, resets: 3 };
const ended: DomainFacts = off;

function power(verb: PowerVerb): ChaosCommand {
  return { verb: 'power', power: verb };
}
const bootdev: ChaosCommand = { verb: 'bootdev', device: 'pxe', persistent: false };

describe('an acknowledged change', () => {
  test.each([
    ['on', off, started],
    ['on', on, on],
    ['off', on, ended],
    ['off', off, off],
    ['cycle', on, started],
    ['reset', on, reset],
    ['reset', on, started],
  ] as const)('power %s has happened once', (verb, before, after) => {
    expect(judgeAcknowledged(power(verb), before, after)).toEqual([]);
  });

  test.each([
    ['on: still off', 'on', off, off],
    ['on: started twice', 'on', off, startedTwice],
    ['on: started and gone', 'on', off, { ...off, starts: 5 }],
    ['on: paused', 'on', off, { ...started, state: 'paused' }],
    ['on of a running domain: another process', 'on', on, started],
    ['on of a running domain: reset', 'on', on, reset],
    ['off: still on', 'off', on, on],
    ['off: started meanwhile', 'off', on, { ...off, starts: 5 }],
    ['cycle: nothing has happened', 'cycle', on, on],
    ['cycle: half of it', 'cycle', on, ended],
    ['cycle: twice', 'cycle', on, startedTwice],
    ['cycle: reset instead', 'cycle', on, reset],
    ['cycle of a domain that was off', 'cycle', off, started],
    ['reset: nothing has happened', 'reset', on, on],
    ['reset: and another process', 'reset', on, { ...started, resets: 3 }],
    ['reset: off', 'reset', on, ended],
  ] as const)('%s: found', (_what, verb, before, after) => {
    expect(judgeAcknowledged(power(verb), before, after)).toHaveLength(1);
  });

  test('of the boot device changes no machine', () => {
    expect(judgeAcknowledged(bootdev, on, on)).toEqual([]);
    for (const after of [ended, started, reset])
      expect(judgeAcknowledged(bootdev, on, after)).toHaveLength(1);
  });

  test('across the end of libvirtd a start may have been begun twice, and the guest boots once', () => {
    const after = { ...startedTwice, libvirtLife: 2 };
    for (const starts of [4, 5, 6])
      expect(judgeAcknowledged(power('cycle'), on, { ...after, starts })).toEqual([]);
    expect(judgeAcknowledged(power('cycle'), on, { ...on, libvirtLife: 2 })).toHaveLength(1);
    expect(judgeAcknowledged(power('off'), on, { ...on, libvirtLife: 2 })).toHaveLength(1);
    expect([bootsOf(power('cycle'), true), bootsOf(power('on'), true), bootsOf(power('off'), true)]).toEqual([
      1, 0, 0,
    ]);
  });
});

describe('a change without a success', () => {
  const silent: Told = { isGivenUp: false, isUnprotected: false };
  const became = (
    verb: PowerVerb,
    before: DomainFacts,
    settled: DomainFacts,
    told = silent,
    atOutcome = before,
  ) => judgeUnacknowledged(power(verb), { before, atOutcome, settled, told }).became;

  test('is not done at all, done, or finished later', () => {
    expect(became('cycle', on, on)).toBe('nothing');
    expect(became('cycle', on, started, silent, started)).toBe('done');
    expect(became('cycle', on, started, silent, ended)).toBe('finished');
    expect(became('reset', on, reset, silent, reset)).toBe('done');
    expect(became('reset', on, started, silent, on)).toBe('finished');
    expect(became('off', on, ended, silent, on)).toBe('finished');
    expect(became('on', off, started, silent, started)).toBe('done');
  });

  test.each(['cycle', 'reset'] as const)('half of a %s is told', (verb) => {
    expect(became(verb, on, ended)).toBe('wrong');
    expect(became(verb, on, ended, { ...silent, isGivenUp: true })).toBe('told');
    expect(became(verb, on, ended, { ...silent, isUnprotected: true })).toBe('told');
    // libvirtd has gone with the start in its hands.
    const tried = { ...ended, starts: 5, libvirtLife: 2 };
    expect(became(verb, on, tried)).toBe('wrong');
    expect(became(verb, on, tried, { ...silent, isGivenUp: true })).toBe('told');
  });

  test.each([
    ['cycle', on, startedTwice],
    ['cycle', on, reset],
    ['on', off, startedTwice],
    ['on', on, ended],
    ['on', on, started],
    ['off', on, started],
    ['off', off, started],
    ['cycle', off, started],
    ['reset', off, started],
  ] as const)('power %s: what it never does is found, told or not', (verb, before, settled) => {
    expect(became(verb, before, settled)).toBe('wrong');
    expect(became(verb, before, settled, { isGivenUp: true, isUnprotected: true })).toBe('wrong');
  });
});

test('how often the guest has booted since a change was cut', () => {
  expect(bootsSince(on, on)).toBe(0);
  expect(bootsSince(on, started)).toBe(1);
  expect(bootsSince(on, { ...on, resets: 5 })).toBe(1);
  expect(bootsSince(on, ended)).toBe(0);
  expect(bootsSince(off, started)).toBe(1);
  expect(bootsSince(on, { ...on, libvirtLife: 2 })).toBeUndefined();
});

test('without a command nothing happens', () => {
  expect(judgeQuiet(on, { ...on, boots: 7 })).toEqual([]);
  expect(judgeQuiet(on, { ...on, libvirtLife: 2 })).toEqual([]);
  for (const after of [ended, started, reset]) expect(judgeQuiet(on, after)).toHaveLength(1);
  expect(judgeQuiet(off, started)).toHaveLength(1);
  expect(judgeQuiet(off, { ...off, starts: 5 })).toHaveLength(1);
});
