import { HEARTBEAT_LIMIT_MS } from '#supervisor/supervision/supervision-times.ts';
import { neglectedDuty, signIntervalMs } from '#supervisor/systemd/watchdog-policy.ts';

test('a watchdog period has three signs of life', () => {
  expect(signIntervalMs(30_000)).toBe(10_000);
});

test.each([
  ['no duty is neglected', true, HEARTBEAT_LIMIT_MS, undefined],
  ['the control socket does not answer', false, 0, 'the control socket does not answer'],
  ['a worker is forgotten', true, 12_340, 'a worker was not pinged for 12.3 s'],
])('%s', (_what, controlAnswers, sinceLastPingMs, neglected) => {
  expect(neglectedDuty({ controlAnswers, sinceLastPingMs })).toBe(neglected);
});
