/** What systemd puts into the environment of a `Type=notify` service: sd_notify(3), sd_watchdog_enabled(3). */

export interface NotifyEnvironment {
  /** The path of a datagram socket, or `@` and an abstract name. */
  readonly notifySocket: string;
  /** systemd restarts the service after this long without a sign of life; `undefined`: no watchdog. */
  readonly watchdogMs: number | undefined;
}

/** `undefined` when systemd expects no notices. `pid` is our own: the watchdog may be for another process. */
export function readNotifyEnvironment(
  environment: Readonly<Record<string, string | undefined>>,
  pid: number,
): NotifyEnvironment | undefined {
  const notifySocket = environment['NOTIFY_SOCKET'];
  if (notifySocket === undefined || !/^[/@]./.test(notifySocket)) return undefined;
  const watchdogPid = environment['WATCHDOG_PID'];
  const isForUs = watchdogPid === undefined || watchdogPid === String(pid);
  return { notifySocket, watchdogMs: isForUs ? milliseconds(environment['WATCHDOG_USEC']) : undefined };
}

function milliseconds(microseconds = ''): number | undefined {
  return /^[1-9][0-9]{0,15}$/.test(microseconds) ? Number(microseconds) / 1000 : undefined;
}
