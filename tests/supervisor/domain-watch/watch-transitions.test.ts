import {
  isTrusted,
  watchInputs,
  watchStates,
  watchStep,
} from '#supervisor/domain-watch/watch-transitions.ts';
import {
  connectDeadlineMs,
  settlingMs,
  snapshotBackOffMs,
  watchBackOffMs,
} from '#supervisor/domain-watch/watch-times.ts';

/** Every pair that does something; all others leave the state unchanged. */
const expected: Readonly<Record<string, string>> = {
  'idle wanted': 'connecting startStream',
  'connecting unwanted': 'idle stopStream',
  'connecting streamConnected': 'settling',
  'connecting streamLost': 'backingOff stopStream',
  'connecting timeOver': 'backingOff stopStream',
  'settling unwanted': 'idle stopStream',
  'settling streamLost': 'backingOff stopStream',
  'settling timeOver': 'snapshotting takeSnapshot',
  'snapshotting unwanted': 'idle abandonSnapshot stopStream',
  'snapshotting streamLost': 'backingOff abandonSnapshot stopStream',
  'snapshotting snapshotTaken': 'pausing',
  'pausing unwanted': 'idle stopStream',
  'pausing streamLost': 'backingOff stopStream',
  'pausing timeOver': 'verifying takeSnapshot',
  'verifying unwanted': 'idle abandonSnapshot stopStream',
  'verifying streamLost': 'backingOff abandonSnapshot stopStream',
  'verifying snapshotTaken': 'trusted trust',
  'verifying snapshotFailed': 'backingOff stopStream',
  'snapshotting snapshotFailed': 'backingOff stopStream',
  'trusted unwanted': 'idle distrust stopStream',
  'trusted streamLost': 'backingOff distrust stopStream',
  'trusted timeOver': 'resyncing takeSnapshot',
  'resyncing unwanted': 'idle distrust abandonSnapshot stopStream',
  'resyncing streamLost': 'backingOff distrust abandonSnapshot stopStream',
  'resyncing snapshotTaken': 'trusted trust',
  'resyncing snapshotFailed': 'backingOff distrust stopStream',
  'snapshotting snapshotOverdue': 'asking askSingly',
  'verifying snapshotOverdue': 'asking askSingly',
  'resyncing snapshotOverdue': 'reasking askSingly',
  'trusted domainUnanswered': 'partlyTrusted',
  'asking unwanted': 'idle abandonRound stopStream',
  'asking streamLost': 'backingOff abandonRound stopStream',
  'asking roundOver': 'partlyTrusted trust',
  'partlyTrusted unwanted': 'idle distrust stopStream',
  'partlyTrusted streamLost': 'backingOff distrust stopStream',
  'partlyTrusted timeOver': 'reasking askSingly',
  'partlyTrusted nothingOwed': 'resyncing takeSnapshot',
  'reasking unwanted': 'idle distrust abandonRound stopStream',
  'reasking streamLost': 'backingOff distrust abandonRound stopStream',
  'reasking roundOver': 'partlyTrusted trust',
  'backingOff unwanted': 'idle',
  'backingOff timeOver': 'connecting startStream',
};

const pairs = watchStates.flatMap((state) => watchInputs.map((input) => [state, input] as const));

test.each(pairs)('%s, %s', (state, input) => {
  const { next, actions } = watchStep(state, input);
  expect([next, ...actions].join(' ')).toBe(expected[`${state} ${input}`] ?? state);
});

test.each(pairs)('%s, %s: states are not trusted longer than they may be', (state, input) => {
  const { next, actions } = watchStep(state, input);
  expect(actions.includes('distrust')).toBe(isTrusted(state) && !isTrusted(next));
  if (!isTrusted(state) && isTrusted(next)) expect(actions).toContain('trust');
});

const hasSnapshot = ['snapshotting', 'verifying', 'resyncing'];
const hasRound = ['asking', 'reasking'];
const hasStream = [
  ...['connecting', 'settling', 'pausing', 'trusted', 'partlyTrusted'],
  ...hasSnapshot,
  ...hasRound,
];

test.each(pairs)('%s, %s: never two virsh of a kind, none forgotten', (state, input) => {
  const { next, actions } = watchStep(state, input);
  const count = (has: readonly string[], begun: string, ended: boolean): number =>
    Number(has.includes(state)) + Number(actions.some((action) => action === begun)) - Number(ended);
  const stopped = actions.includes('stopStream');
  expect(count(hasStream, 'startStream', stopped)).toBe(Number(hasStream.includes(next)));
  const outcomes = ['snapshotTaken', 'snapshotFailed', 'snapshotOverdue'];
  const snapshotEnded =
    actions.includes('abandonSnapshot') || (hasSnapshot.includes(state) && outcomes.includes(input));
  expect(count(hasSnapshot, 'takeSnapshot', snapshotEnded)).toBe(Number(hasSnapshot.includes(next)));
  const roundEnded = actions.includes('abandonRound') || (hasRound.includes(state) && input === 'roundOver');
  expect(count(hasRound, 'askSingly', roundEnded)).toBe(Number(hasRound.includes(next)));
});

test('a slow connection gets more time to subscribe, within bounds', () => {
  expect([0, 1, 50, 100_000, -1].map(settlingMs)).toEqual([100, 164, 3_300, 10_000, 100]);
});

test('pauses between attempts grow, up to 15 s', () => {
  expect([1, 2, 3, 7, 50].map((failures) => watchBackOffMs(failures, () => 0))).toEqual([
    250, 500, 1_000, 15_000, 15_000,
  ]);
  expect(watchBackOffMs(1, () => 0.999_999)).toBe(125);
});

test('attempts to connect get more time, up to 5 min; snapshots that take too long are rare', () => {
  expect([0, 1, 2, 3, 4, 50].map(connectDeadlineMs)).toEqual([
    30_000, 60_000, 120_000, 240_000, 300_000, 300_000,
  ]);
  expect([0, 1, 2, 3, 4, 5, 50].map(snapshotBackOffMs)).toEqual([
    2_000, 2_000, 4_000, 8_000, 16_000, 30_000, 30_000,
  ]);
});
