/**
 * Sends notices to systemd. Node has no unix datagram sockets, so `systemd-notify` sends them: a process of some 4 ms,
 * which the unit has to accept with `NotifyAccess=all`.
 */
import { execFile, type ExecFileOptions } from 'node:child_process';
import { tryToSpawn, type ReportStart } from '@vbmc/bmc-worker/libvirt';
import type { NotifyEnvironment } from './notify-environment.ts';
import type { Log } from '../log/log.ts';
import { NOTIFY_DEADLINE_MS } from '../supervision/supervision-times.ts';

/** Sends assignments of sd_notify(3) in one datagram. Resolves with whether systemd has it; a failure is logged. */
export type Notify = (assignments: readonly string[]) => Promise<boolean>;

export interface NotifierOptions {
  /** Name or path. */
  readonly program?: string;
  /** Takes the outcome of each attempt to start it. */
  readonly report?: ReportStart;
}

/** Of failures in a row only the first is logged. */
export function systemdNotifier(
  { notifySocket }: NotifyEnvironment,
  log: Log,
  parentEnvironment: NodeJS.ProcessEnv,
  { program = 'systemd-notify', report = () => undefined }: NotifierOptions = {},
): Notify {
  const env = { PATH: parentEnvironment['PATH'], NOTIFY_SOCKET: notifySocket, LC_ALL: 'C' };
  const options = { env, timeout: NOTIFY_DEADLINE_MS, killSignal: 'SIGKILL' } as const;
  let failing = false;
  return async (assignments) => {
    const failure = await run(program, assignments, options, report);
    if (failure !== undefined && !failing) {
      log('error', `cannot notify systemd of ${assignments[0] ?? ''}: ${failure}`, { event: 'notifyFailed' });
    }
    failing = failure !== undefined;
    return !failing;
  };
}

/** Resolves with why it failed. */
function run(
  program: string,
  args: readonly string[],
  options: ExecFileOptions,
  report: ReportStart,
): Promise<string | undefined> {
  return new Promise((resolve) => {
    const attempt = tryToSpawn(() =>
      execFile(program, args, options, (error, _stdout, stderr) => {
        // An exit code is a number.
        const code = typeof error?.code === 'string' ? error.code : undefined;
        report(code);
        resolve(stderr.toString().trim() || error?.message);
      }),
    );
    if ('code' in attempt) {
      void attempt.code.then((code) => {
        report(code);
        resolve(`${program} could not be started: ${code}`);
      });
    }
  });
}
