import { HEARTBEAT_LIMIT_MS } from '#supervisor/supervision/supervision-times.ts';
import { neglectedDuty, signIntervalMs } from '#supervisor/systemd/watchdog-policy.ts';

test('two signs may be lost', () => {
  expect(signIntervalMs(30_000)).toBe(10_000);
});

test.each([
  ['all is done', true, HEARTBEAT_LIMIT_MS, undefined],
  ['the control socket is mute', false, 0, 'the control socket does not answer'],
  ['a worker is forgotten', true, 12_340, 'a worker was not asked for a sign of life for 12.3 s'],
])('%s', (_what, controlAnswers, sinceLastPingMs, neglected) => {
  expect(neglectedDuty({ controlAnswers, sinceLastPingMs })).toBe(neglected);
});
