import { isStartedBySystemd, withoutService } from '#supervisor/systemd/started-by-systemd.ts';

test.each([
  ['a shell', {}, 'bash', false],
  ['the main process of a service', { SYSTEMD_EXEC_PID: '7', INVOCATION_ID: 'x' }, 'systemd', true],
  [
    'the same, behind a wrapper that reads notices',
    { SYSTEMD_EXEC_PID: '7', NOTIFY_SOCKET: '/x' },
    'sh',
    true,
  ],
  ['a job of a service', { SYSTEMD_EXEC_PID: '6', INVOCATION_ID: 'x', NOTIFY_SOCKET: '/x' }, 'java', false],
  ['a terminal that a service has opened', { SYSTEMD_EXEC_PID: '6', INVOCATION_ID: 'x' }, 'bash', false],
  ['a service of systemd 247', { INVOCATION_ID: 'x' }, 'systemd', true],
  ['a job of a service of systemd 247', { INVOCATION_ID: 'x' }, 'java', false],
  ['a container that reports to systemd', { NOTIFY_SOCKET: '/x' }, 'conmon', true],
])('%s', (_, environment, parentName, expected) => {
  expect(isStartedBySystemd({ environment, pid: 7, parentName })).toBe(expected);
});

test('what a service passes on is left out, and nothing else', () => {
  expect(withoutService({ PATH: '/bin', NOTIFY_SOCKET: '/x', WATCHDOG_PID: '7', HOME: '/h' })).toEqual({
    PATH: '/bin',
    HOME: '/h',
  });
});
