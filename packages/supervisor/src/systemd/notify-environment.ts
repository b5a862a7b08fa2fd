/** What systemd tells a service of `Type=notify` in its environment: sd_notify(3), sd_watchdog_enabled(3). */

export interface NotifyEnvironment {
  /** The path of a datagram socket, or `@` and an abstract name. */
  readonly notifySocket: string;
  /** The service is restarted when it gives no sign of life for so long; `undefined`: it is not watched. */
  readonly watchdogMs: number | undefined;
}

/** `undefined` when nobody wants to be told. `pid` is our own: a watchdog may be meant for another process. */
export function readNotifyEnvironment(
  environment: Readonly<Record<string, string | undefined>>,
  pid: number,
): NotifyEnvironment | undefined {
  const notifySocket = environment['NOTIFY_SOCKET'];
  if (notifySocket === undefined || !/^[/@]./.test(notifySocket)) return undefined;
  const watchdogPid = environment['WATCHDOG_PID'];
  const meant = watchdogPid === undefined || watchdogPid === String(pid);
  return { notifySocket, watchdogMs: meant ? milliseconds(environment['WATCHDOG_USEC']) : undefined };
}

function milliseconds(microseconds = ''): number | undefined {
  return /^[1-9][0-9]{0,15}$/.test(microseconds) ? Number(microseconds) / 1000 : undefined;
}
