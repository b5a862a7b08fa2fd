/** Pings a running worker, and reports a worker that must be replaced: it hangs, or uses too much memory. */
import type { WorkerMessage } from '@vbmc/bmc-worker/ipc';
import type { Clock } from '../host/clock.ts';
import type { ProcessActivity } from '../host/process-activity.ts';
import {
  HEARTBEAT_INTERVAL_MS,
  HEARTBEATS_TO_MISS,
  MOST_LATENESS_MS,
} from '../supervision/supervision-times.ts';
import { awaitsProcessor } from './silence.ts';
import type { WorkerRequests } from './worker-requests.ts';

export interface HeartbeatOptions {
  readonly clock: Clock;
  readonly requests: WorkerRequests;
  /** Describes by how much the worker exceeds its memory limit; `undefined` when it does not. */
  readonly memoryExcess: () => string | undefined;
  /** `undefined` when the worker has gone. */
  readonly activity: () => ProcessActivity | undefined;
  /** Called once for each silence in which the worker has missed enough pings and waits for a processor. */
  readonly onStarved: (silentMs: number) => void;
  readonly onPong: (pong: Extract<WorkerMessage, { type: 'pong' }>) => void;
  /** Called at most once; no ping follows. */
  readonly onFailure: (failure: 'heartbeatMissed' | 'memoryExceeded', cause: string) => void;
}

export class Heartbeat {
  readonly #options: HeartbeatOptions;
  #isStopped = false;
  #cancel: () => void = () => undefined;
  #lastPingAtMs: number;
  #lastPongAtMs: number;
  /** Pings in a row without an answer. */
  #unanswered = 0;
  /** At the first of them. */
  #activity: ProcessActivity | undefined;
  #isStarved = false;

  constructor(options: HeartbeatOptions) {
    this.#options = options;
    this.#lastPingAtMs = options.clock.now();
    this.#lastPongAtMs = this.#lastPingAtMs;
    this.#schedule(HEARTBEAT_INTERVAL_MS);
  }

  stop(): void {
    this.#isStopped = true;
    this.#cancel();
  }

  /** In the clock's time; before the first ping, the time when the heartbeat began. */
  get lastPingAtMs(): number {
    return this.#lastPingAtMs;
  }

  #schedule(delayMs: number): void {
    this.#cancel = this.#options.clock.after(Math.max(0, delayMs), () => void this.#beat());
  }

  async #beat(): Promise<void> {
    const { clock, memoryExcess, onPong, requests } = this.#options;
    this.#lastPingAtMs = clock.now();
    const excess = memoryExcess();
    if (excess !== undefined) {
      this.#fail('memoryExceeded', excess);
      return;
    }
    const pong = await requests.ask({ type: 'ping' }, 'pong', HEARTBEAT_INTERVAL_MS);
    if (pong !== undefined) onPong(pong);
    if (this.#isStopped) return;
    if (pong !== undefined) {
      this.#unanswered = 0;
      this.#isStarved = false;
      this.#lastPongAtMs = clock.now();
      this.#schedule(HEARTBEAT_INTERVAL_MS - (clock.now() - this.#lastPingAtMs));
      return;
    }
    if (!this.#hangs()) {
      this.#schedule(0);
      return;
    }
    const silentMs = clock.now() - this.#lastPongAtMs;
    this.#fail('heartbeatMissed', `worker has not answered for ${(silentMs / 1000).toFixed(1)} s: killed`);
  }

  /** Judges after a ping without an answer. */
  #hangs(): boolean {
    const { activity, clock, onStarved } = this.#options;
    const now = clock.now();
    if (now - this.#lastPingAtMs - HEARTBEAT_INTERVAL_MS > MOST_LATENESS_MS) return false;
    this.#unanswered += 1;
    if (this.#unanswered === 1) this.#activity = activity();
    if (this.#unanswered < HEARTBEATS_TO_MISS) return false;
    if (!awaitsProcessor(this.#activity, activity())) return true;
    if (!this.#isStarved) onStarved(now - this.#lastPongAtMs);
    this.#isStarved = true;
    return false;
  }

  #fail(failure: 'heartbeatMissed' | 'memoryExceeded', cause: string): void {
    this.stop();
    this.#options.onFailure(failure, cause);
  }
}
