/**
 * V8 collects old garbage only after some ten megabytes of it, and keeps the memory that it needed then. So this process asks
 * for a collection when it is idle, and before the keys of sessions, which are memory of OpenSSL, add up to much.
 */
import { createGarbageCollector, type GarbageCollector } from './garbage-collector.ts';
import { monotonicMs } from './monotonic-clock.ts';

/**
 * The idle time before each collection. V8 gives back the pages of young objects only after 5 s with next to no garbage, and
 * drops code that was not run for some collections.
 */
const pausesMs = [1_000, 2_000, 4_000, 8_000] as const;
/** Less new garbage, in bytes, is not worth the 15 ms of a collection: this much is that of some ten sessions. */
const WORTH_COLLECTING = 512 * 1024;
/** This much is collected during work too: that of some thousand sessions. */
const TOO_MUCH = 2 * 1024 * 1024;
/** After so long without a request no client waits for an answer. */
const QUIET_MS = 50;
/**
 * A start leaves 0.7 MB, and it takes three collections to free that: as long as a start takes. Hundreds of workers start
 * together, so each waits until all have probably started, and not all of them wait equally long.
 */
const startPauseMs = { least: 30_000, most: 60_000 } as const;

export interface IdleCollectionOptions {
  /** Undefined in a process that cannot collect. */
  readonly collector: GarbageCollector | undefined;
  /** In bytes. */
  readonly heapUsed: () => number;
  /** In milliseconds. */
  readonly now: () => number;
  /** Calls once, later. */
  readonly after: (ms: number, act: () => void) => void;
  /** In [0, 1). */
  readonly random: () => number;
}

export interface IdleCollection {
  /** To be called with everything that makes garbage. Collects a few times after each burst, and within a long one. */
  readonly noteWork: () => void;
  /**
   * To be called when a change of the domain has been answered. Each `virsh` leaves as much garbage as five sessions, and
   * changes are rare, so the collection need not wait for the pause unless another client has sent something meanwhile.
   */
  readonly noteChange: () => void;
}

export function collectWhenIdle(options = optionsOfThisProcess()): IdleCollection {
  const { collector } = options;
  if (collector === undefined) return { noteWork: () => undefined, noteChange: () => undefined };
  return new IdleCollector(collector, options);
}

function optionsOfThisProcess(): IdleCollectionOptions {
  return {
    collector: createGarbageCollector(globalThis.gc, process.versions.node),
    heapUsed: () => process.memoryUsage().heapUsed,
    now: monotonicMs,
    after: (ms, act) => void setTimeout(act, ms).unref(),
    random: Math.random,
  };
}

class IdleCollector implements IdleCollection {
  readonly #collector: GarbageCollector;
  readonly #options: IdleCollectionOptions;
  /** Whether a pause is running. */
  #isPausing = false;
  #workedInPause = false;
  #workedAt = -Infinity;
  /** Collections since the last work. */
  #collections = 0;
  #usedAfterCollection: number;
  /** Whether an idle process has memory to give back even if there is little new garbage. */
  #isUntidy = false;

  constructor(collector: GarbageCollector, options: IdleCollectionOptions) {
    this.#collector = collector;
    this.#options = options;
    this.#usedAfterCollection = options.heapUsed();
    const { least, most } = startPauseMs;
    options.after(least + options.random() * (most - least), () => {
      this.#isUntidy = true;
      this.noteWork();
    });
  }

  noteWork(): void {
    this.#workedAt = this.#options.now();
    this.#workedInPause = this.#isPausing;
    if (this.#isPausing) return;
    this.#collections = 0;
    this.#pause();
  }

  noteChange(): void {
    const isQuiet = this.#options.now() - this.#workedAt >= QUIET_MS;
    this.noteWork();
    if (isQuiet && this.#newGarbage() >= WORTH_COLLECTING) this.#collect('compact');
  }

  #pause(): void {
    const pauseMs = pausesMs[this.#collections];
    if (pauseMs === undefined) return;
    this.#isPausing = true;
    this.#options.after(pauseMs, () => {
      this.#endPause();
    });
  }

  #endPause(): void {
    this.#isPausing = false;
    if (this.#workedInPause) {
      this.#workedInPause = false;
      this.#collections = 0;
      if (this.#newGarbage() >= TOO_MUCH) this.#collect('collect');
    } else {
      const isFirst = this.#collections === 0;
      if (isFirst && !this.#isUntidy && this.#newGarbage() < WORTH_COLLECTING) return;
      this.#collections += 1;
      this.#collect('compact');
      this.#isUntidy = false;
    }
    this.#pause();
  }

  #newGarbage(): number {
    return this.#options.heapUsed() - this.#usedAfterCollection;
  }

  #collect(how: keyof GarbageCollector): void {
    this.#collector[how]();
    this.#usedAfterCollection = this.#options.heapUsed();
    this.#isUntidy = true;
  }
}
