/** When the supervisor may tell systemd that it is alive: not by a timer, but when it does its duties. Pure. */
import { HEARTBEAT_LIMIT_MS, SIGNS_PER_WATCHDOG_PERIOD } from '../supervision/supervision-times.ts';

export function signIntervalMs(watchdogMs: number): number {
  return watchdogMs / SIGNS_PER_WATCHDOG_PERIOD;
}

/** What was found out just before a sign of life is due. */
export interface Duties {
  /** Whether our own control socket has answered a request. */
  readonly controlAnswers: boolean;
  /** How long ago the worker that has waited longest was asked for its heartbeat. */
  readonly sinceLastPingMs: number;
}

/** The duty that is neglected, for people; `undefined` when all is done. */
export function neglectedDuty({ controlAnswers, sinceLastPingMs }: Duties): string | undefined {
  if (!controlAnswers) return 'the control socket does not answer';
  if (sinceLastPingMs > HEARTBEAT_LIMIT_MS) {
    return `a worker was not asked for a sign of life for ${(sinceLastPingMs / 1000).toFixed(1)} s`;
  }
  return undefined;
}
