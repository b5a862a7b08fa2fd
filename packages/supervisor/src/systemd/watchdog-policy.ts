/** Whether vbmcd may give systemd a sign of life: only while it does its duties. Pure. */
import { HEARTBEAT_LIMIT_MS, SIGNS_PER_WATCHDOG_PERIOD } from '../supervision/supervision-times.ts';

export function signIntervalMs(watchdogMs: number): number {
  return watchdogMs / SIGNS_PER_WATCHDOG_PERIOD;
}

/** Checked just before a sign of life is due. */
export interface Duties {
  /** Whether vbmcd's own control socket has answered a request. */
  readonly controlAnswers: boolean;
  /** The longest time since a running worker was pinged. */
  readonly sinceLastPingMs: number;
}

/** Describes the neglected duty; `undefined` when there is none. */
export function neglectedDuty({ controlAnswers, sinceLastPingMs }: Duties): string | undefined {
  if (!controlAnswers) return 'the control socket does not answer';
  if (sinceLastPingMs > HEARTBEAT_LIMIT_MS) {
    return `a worker was not pinged for ${(sinceLastPingMs / 1000).toFixed(1)} s`;
  }
  return undefined;
}
