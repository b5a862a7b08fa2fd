/** Asks a running worker for signs of life, and tells when it has given none for too long. */
import { HEARTBEAT_INTERVAL_MS, HEARTBEATS_TO_MISS } from '../supervision/supervision-times.ts';
import type { Clock } from '../host/clock.ts';

export interface Heartbeat {
  /** The worker has answered, or has gone: nothing more is asked. */
  stop(): void;
  /** When it was asked last, in the clock's time; when this began, if it was not asked yet. */
  lastPingAtMs(): number;
}

export interface HeartbeatOptions {
  readonly clock: Clock;
  /** Asks; resolves with whether an answer came within the interval. */
  readonly ask: (intervalMs: number) => Promise<boolean>;
  /** Called once, after which nothing more is asked. `silentMs`: since the last sign of life. */
  readonly missed: (silentMs: number) => void;
}

export function startHeartbeat({ clock, ask, missed }: HeartbeatOptions): Heartbeat {
  let stopped = false;
  let cancel: () => void = () => undefined;
  let lastSignMs = clock.now();
  let lastPingAtMs = lastSignMs;
  let unanswered = 0;

  const beat = async (): Promise<void> => {
    const askedMs = clock.now();
    lastPingAtMs = askedMs;
    const answered = await ask(HEARTBEAT_INTERVAL_MS);
    if (stopped) return;
    unanswered = answered ? 0 : unanswered + 1;
    if (answered) lastSignMs = clock.now();
    if (unanswered >= HEARTBEATS_TO_MISS) {
      stopped = true;
      missed(clock.now() - lastSignMs);
      return;
    }
    schedule(answered ? HEARTBEAT_INTERVAL_MS - (clock.now() - askedMs) : 0);
  };
  const schedule = (delayMs: number): void => {
    cancel = clock.after(Math.max(0, delayMs), () => void beat());
  };
  schedule(HEARTBEAT_INTERVAL_MS);
  return {
    stop: () => {
      stopped = true;
      cancel();
    },
    lastPingAtMs: () => lastPingAtMs,
  };
}
