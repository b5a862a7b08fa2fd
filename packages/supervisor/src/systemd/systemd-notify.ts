/**
 * Sends notices to systemd. Node has no unix datagram sockets, so `systemd-notify` sends them: a process of some 4 ms,
 * which the unit has to accept with `NotifyAccess=all`.
 */
import { execFile } from 'node:child_process';
import type { NotifyEnvironment } from './notify-environment.ts';
import type { Log } from '../log/log.ts';
import { NOTIFY_DEADLINE_MS } from '../supervision/supervision-times.ts';

/** Sends assignments of sd_notify(3) in one datagram; resolves when systemd has it, or the failure is logged. */
export type Notify = (assignments: readonly string[]) => Promise<void>;

/** `program`: name or path. Of failures in a row only the first is logged. */
export function systemdNotifier(
  { notifySocket }: NotifyEnvironment,
  log: Log,
  parentEnvironment: NodeJS.ProcessEnv,
  program = 'systemd-notify',
): Notify {
  const env = { PATH: parentEnvironment['PATH'], NOTIFY_SOCKET: notifySocket, LC_ALL: 'C' };
  let failing = false;
  return async (assignments) =>
    new Promise((resolve) => {
      const options = { env, timeout: NOTIFY_DEADLINE_MS, killSignal: 'SIGKILL' } as const;
      execFile(program, assignments, options, (error, _stdout, stderr) => {
        if (error !== null && !failing) {
          const reason = stderr.trim() === '' ? error.message : stderr.trim();
          log('error', `cannot notify systemd of ${assignments[0] ?? ''}: ${reason}`, {
            event: 'notifyFailed',
          });
        }
        failing = error !== null;
        resolve();
      });
    });
}
