import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { systemdNotifier } from '#supervisor/systemd/systemd-notify.ts';
import { temporaryDirectory } from '#support/temporary-directory.ts';

function program(name: string): string {
  return fileURLToPath(new URL(`../../fixtures/bin/systemd-notify-${name}`, import.meta.url));
}

function notifier(name: string) {
  const logged: string[] = [];
  const codes: (string | undefined)[] = [];
  const notifySocket = join(temporaryDirectory(), 'told');
  const log = (level: string, message: string): void => {
    logged.push(`${level} ${message}`);
  };
  const environment = { PATH: process.env['PATH'], A_SECRET: 'x' };
  return {
    notify: systemdNotifier({ notifySocket, watchdogMs: undefined }, log, environment, {
      program: program(name),
      report: (code) => codes.push(code),
    }),
    logged,
    codes,
    told: () => readFileSync(notifySocket, 'utf8'),
  };
}

test('systemd-notify gets the assignments and only the variables it needs', async () => {
  const { notify, told, logged } = notifier('records');
  expect(await notify(['READY=1', 'STATUS=3 BMCs: 3 running'])).toBe(true);
  expect(told()).toBe('READY=1|STATUS=3 BMCs: 3 running|\nLC_ALL NOTIFY_SOCKET PATH ');
  expect(logged).toEqual([]);
});

test('a failure is logged once and does not reject', async () => {
  const { notify, logged } = notifier('fails');
  expect(await notify(['READY=1'])).toBe(false);
  expect(await notify(['WATCHDOG=1'])).toBe(false);
  expect(logged).toEqual([
    'error cannot notify systemd of READY=1: Failed to notify init system: Connection refused',
  ]);
});

test('a missing systemd-notify is logged', async () => {
  const { notify, logged, codes } = notifier('nowhere');
  expect(await notify(['READY=1'])).toBe(false);
  expect(logged[0]).toContain('ENOENT');
  expect(codes).toEqual(['ENOENT']);
});

test('an error that Node throws does not reject either', async () => {
  // Below a file there is no program: ENOTDIR is thrown, as ENOMEM is.
  const { notify, logged, codes } = notifier('fails/x');
  expect(await notify(['READY=1'])).toBe(false);
  expect(logged[0]).toContain('ENOTDIR');
  expect(codes).toEqual(['ENOTDIR']);
});
