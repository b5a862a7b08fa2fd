/** When the next snapshot of a trusted domain watch is due. Pure; times in milliseconds. */
import { CONFIRM_EVENT_MS, resyncMs } from './watch-times.ts';

export class SnapshotSchedule {
  #dueMs = Infinity;
  #lastPauseMs = 0;

  /** A new connection: confirmed often at first. */
  restart(): void {
    this.#dueMs = Infinity;
    this.#lastPauseMs = 0;
  }

  /** A snapshot begins: what happens from now on is not confirmed by it. */
  begin(): void {
    this.#dueMs = Infinity;
  }

  /** A snapshot has been taken. An event that came since it began keeps its own, earlier date. */
  taken(now: number): void {
    this.#lastPauseMs = resyncMs(this.#lastPauseMs);
    this.#dueMs = Math.min(this.#dueMs, now + this.#lastPauseMs);
  }

  /** An event came; returns whether that brings the date forward. One that stands sooner is not put off. */
  event(now: number): boolean {
    const dueMs = now + CONFIRM_EVENT_MS;
    if (this.#dueMs <= dueMs) return false;
    this.#dueMs = dueMs;
    return true;
  }

  dueInMs(now: number): number {
    return Math.max(0, this.#dueMs - now);
  }
}
