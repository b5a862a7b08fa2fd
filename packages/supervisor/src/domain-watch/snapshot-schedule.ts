/** When a trusted domain watch takes its next snapshot. Pure; times in milliseconds. */
import { EVENT_CONFIRM_MS } from '../supervision/supervision-times.ts';
import { resyncMs } from './watch-times.ts';

export class SnapshotSchedule {
  #dueMs = Infinity;
  #lastPauseMs = 0;

  /** After a new connection the first snapshots follow at short intervals. */
  restart(): void {
    this.#dueMs = Infinity;
    this.#lastPauseMs = 0;
  }

  /** A snapshot begins. It does not confirm the events that arrive from now on. */
  begin(): void {
    this.#dueMs = Infinity;
  }

  /** A snapshot has been taken. An event that has arrived since it began keeps its own, earlier date. */
  taken(now: number): void {
    this.#lastPauseMs = resyncMs(this.#lastPauseMs);
    this.#dueMs = Math.min(this.#dueMs, now + this.#lastPauseMs);
  }

  /** An event has arrived. Returns whether it brings the date forward; it never postpones an earlier date. */
  event(now: number): boolean {
    const dueMs = now + EVENT_CONFIRM_MS;
    if (this.#dueMs <= dueMs) return false;
    this.#dueMs = dueMs;
    return true;
  }

  dueInMs(now: number): number {
    return Math.max(0, this.#dueMs - now);
  }
}
