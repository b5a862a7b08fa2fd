/** What has lately changed in an event log, so that an asker gets that and not the whole again. Pure. */
import type { LogEntry, LogEntryChanges } from '@vbmc/bmc-worker/ipc';

/** More than come between two questions of a client; who has missed more gets the whole log. */
const MOST_REMEMBERED = 256;

export class LogChanges {
  /** An entry that was added, or the id of one that was removed; the last one led to `#version`. */
  #changes: (LogEntry | number)[] = [];
  #version = 1;
  #removals = 0;

  /** Changes with the entries. */
  get version(): number {
    return this.#version;
  }

  /** Changes when entries go. */
  get removals(): number {
    return this.#removals;
  }

  take(change: LogEntry | number): void {
    this.#version += 1;
    if (typeof change === 'number') this.#removals += 1;
    this.#changes.push(change);
    if (this.#changes.length > MOST_REMEMBERED) this.#changes = this.#changes.slice(-MOST_REMEMBERED / 2);
  }

  /** All entries were replaced: who knows an earlier version gets the whole. */
  replaced(): void {
    this.#version += 1;
    this.#removals += 1;
    this.#changes = [];
  }

  /** `undefined`: that version is too old, or none. */
  since(version: number | undefined): LogEntryChanges | undefined {
    const missed = version === undefined ? Infinity : this.#version - version;
    if (missed < 0 || missed > this.#changes.length) return undefined;
    const removed: number[] = [];
    const added = new Map<number, LogEntry>();
    for (const change of this.#changes.slice(this.#changes.length - missed)) {
      if (typeof change !== 'number') added.set(change.id, change);
      else if (!added.delete(change)) removed.push(change);
    }
    return { removed, added: [...added.values()] };
  }
}
