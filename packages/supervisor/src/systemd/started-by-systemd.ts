/** Whether systemd has started this very process, as the main process of a service: systemd.exec(5). Pure. */

export interface ProcessOrigin {
  readonly environment: Readonly<Record<string, string | undefined>>;
  readonly pid: number;
  /** The name of the parent process. */
  readonly parentName: string;
}

/**
 * The variables alone prove nothing, because every process that a service starts inherits them: a job of Jenkins, a shell in a
 * terminal of GNOME. systemd 248 and later says for which process they are.
 */
export function isStartedBySystemd({ environment, pid, parentName }: ProcessOrigin): boolean {
  const meant = environment['SYSTEMD_EXEC_PID'];
  if (meant !== undefined) return meant === String(pid);
  // Set without the pid by containers that report to systemd, and by older versions of systemd.
  if (environment['NOTIFY_SOCKET'] !== undefined) return true;
  return environment['INVOCATION_ID'] !== undefined && parentName === 'systemd';
}

const ofTheService = [
  ...[
    'INVOCATION_ID',
    'JOURNAL_STREAM',
    'NOTIFY_SOCKET',
    'SYSTEMD_EXEC_PID',
    'WATCHDOG_PID',
    'WATCHDOG_USEC',
  ],
  ...['LISTEN_FDS', 'LISTEN_FDNAMES', 'LISTEN_PID', 'MANAGERPID'],
];

/** The environment for a process that is not that of the service. */
export function withoutService(
  environment: Readonly<Record<string, string | undefined>>,
): Record<string, string | undefined> {
  return Object.fromEntries(Object.entries(environment).filter(([name]) => !ofTheService.includes(name)));
}
