/** Pings a running worker, and reports a worker that must be replaced: it hangs, or uses too much memory. */
import type { WorkerMessage } from '@vbmc/bmc-worker/ipc';
import type { Clock } from '../host/clock.ts';
import { HEARTBEAT_INTERVAL_MS, HEARTBEATS_TO_MISS } from '../supervision/supervision-times.ts';
import type { WorkerRequests } from './worker-requests.ts';

export interface HeartbeatOptions {
  readonly clock: Clock;
  readonly requests: WorkerRequests;
  /** Describes by how much the worker exceeds its memory limit; `undefined` when it does not. */
  readonly memoryExcess: () => string | undefined;
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
      this.#lastPongAtMs = clock.now();
      this.#schedule(HEARTBEAT_INTERVAL_MS - (clock.now() - this.#lastPingAtMs));
      return;
    }
    this.#unanswered += 1;
    if (this.#unanswered < HEARTBEATS_TO_MISS) {
      this.#schedule(0);
      return;
    }
    const silentMs = clock.now() - this.#lastPongAtMs;
    this.#fail('heartbeatMissed', `worker has not answered for ${(silentMs / 1000).toFixed(1)} s: killed`);
  }

  #fail(failure: 'heartbeatMissed' | 'memoryExceeded', cause: string): void {
    this.stop();
    this.#options.onFailure(failure, cause);
  }
}
