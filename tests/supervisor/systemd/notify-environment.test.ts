import { readNotifyEnvironment } from '#supervisor/systemd/notify-environment.ts';

const NOTIFY_SOCKET = '/run/systemd/notify';

test('without a notify socket there are no notices', () => {
  expect(readNotifyEnvironment({}, 7)).toBeUndefined();
  expect(readNotifyEnvironment({ NOTIFY_SOCKET: '' }, 7)).toBeUndefined();
  expect(readNotifyEnvironment({ NOTIFY_SOCKET: 'relative' }, 7)).toBeUndefined();
});

test.each([
  ['without a watchdog', {}, undefined],
  ['watched', { WATCHDOG_USEC: '30000000' }, 30_000],
  ['watched, and named', { WATCHDOG_USEC: '30000000', WATCHDOG_PID: '7' }, 30_000],
  ['another process is watched', { WATCHDOG_USEC: '30000000', WATCHDOG_PID: '8' }, undefined],
  ['no number', { WATCHDOG_USEC: 'soon' }, undefined],
  ['zero', { WATCHDOG_USEC: '0' }, undefined],
])('%s', (_what, watchdog, watchdogMs) => {
  const environment = { NOTIFY_SOCKET, ...watchdog };
  expect(readNotifyEnvironment(environment, 7)).toEqual({ notifySocket: NOTIFY_SOCKET, watchdogMs });
});

test('an abstract socket', () => {
  expect(readNotifyEnvironment({ NOTIFY_SOCKET: '@name' }, 7)).toMatchObject({ notifySocket: '@name' });
});
