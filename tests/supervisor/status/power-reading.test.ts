import { powerReadingOf } from '#supervisor/status/power-reading.ts';

const AT = '2026-01-01T00:00:00.000Z';
const NOW_MS = Date.parse(AT);
const answer = { type: 'powerState', requestId: 1, power: 'on', domainState: 'paused' } as const;

test('is dated by its age', () => {
  expect(powerReadingOf({ ...answer, source: 'watch', ageMs: 1_500 }, NOW_MS)).toEqual({
    at: '2025-12-31T23:59:58.500Z',
    powerState: 'on',
    domainState: 'paused',
    source: 'watch',
    failure: null,
  });
});

const unknown = { at: AT, powerState: 'unknown', domainState: null };

test('is unknown when the worker says so, or says nothing', () => {
  const failed = powerReadingOf({ type: 'powerState', requestId: 2, failure: 'no virsh' }, NOW_MS);
  expect(failed).toEqual({ ...unknown, source: 'virsh', failure: 'no virsh' });
  const failure = 'the worker has no answer yet';
  expect(powerReadingOf(undefined, NOW_MS)).toEqual({ ...unknown, source: null, failure });
});

test.each([Number.MAX_VALUE, -1, 'yesterday', null])('accepts an age of %p', (ageMs) => {
  expect(powerReadingOf({ ...answer, ageMs: ageMs as number }, NOW_MS).powerState).toBe('on');
});
