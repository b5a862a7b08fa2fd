/**
 * V8 collects old garbage when some ten megabytes have come together, and keeps what it needed then: so it is told to
 * when there is time for it, and before a session's keys, which are memory of OpenSSL's, come to much.
 */
import { createGarbageCollector, type GarbageCollector } from './garbage-collector.ts';
import { monotonicMs } from './monotonic-clock.ts';

/**
 * How long nothing has to happen before each collection. V8 gives young pages back only when there was next to no
 * garbage for 5 s, and drops code that was not run for some collections.
 */
const pausesMs = [1_000, 2_000, 4_000, 8_000] as const;
/** Less new garbage, in bytes, is not worth the 15 ms: that of some ten sessions. */
const WORTH_COLLECTING = 512 * 1024;
/** As much is collected while there is work too: that of some thousand sessions. */
const TOO_MUCH = 2 * 1024 * 1024;
/** When nobody has asked for anything for so long, nobody waits. */
const QUIET_MS = 50;
/**
 * What a start leaves is 0.7 MB, and takes three of the collections: as long as a start. Hundreds of workers start together, so
 * it waits until that should be over, and not all of them take the same time.
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
  /** To be called with everything that makes garbage. Each burst is followed by a few collections, and a long one has some in it. */
  readonly atWork: () => void;
  /**
   * To be called when a change of the domain has been answered. Each `virsh` leaves as much as five sessions, and such
   * a change is rare: it need not wait for the pause, unless somebody else asks meanwhile.
   */
  readonly changeEnded: () => void;
}

function ofThisProcess(): IdleCollectionOptions {
  return {
    collector: createGarbageCollector(globalThis.gc, process.versions.node),
    heapUsed: () => process.memoryUsage().heapUsed,
    now: monotonicMs,
    after: (ms, act) => void setTimeout(act, ms).unref(),
    random: Math.random,
  };
}

export function collectWhenIdle(options = ofThisProcess()): IdleCollection {
  const { collector, heapUsed, now, after, random } = options;
  if (collector === undefined) return { atWork: () => undefined, changeEnded: () => undefined };
  let waiting = false;
  let worked = false;
  let workedAt = -Infinity;
  let collections = 0;
  let usedAfterwards = heapUsed();
  /** Whether an idle process has something to give back however little garbage is new. */
  let untidy = false;

  const garbage = (): number => heapUsed() - usedAfterwards;
  const look = (): void => {
    waiting = false;
    if (worked) {
      worked = false;
      collections = 0;
      if (garbage() >= TOO_MUCH) run(collector.collect);
    } else {
      if (collections === 0 && !untidy && garbage() < WORTH_COLLECTING) return;
      collections += 1;
      run(collector.compact);
      untidy = false;
    }
    wait();
  };
  const run = (collection: () => void): void => {
    collection();
    usedAfterwards = heapUsed();
    untidy = true;
  };
  const wait = (): void => {
    const pauseMs = pausesMs[collections];
    if (pauseMs === undefined) return;
    waiting = true;
    after(pauseMs, look);
  };
  const atWork = (): void => {
    workedAt = now();
    worked = waiting;
    if (waiting) return;
    collections = 0;
    wait();
  };
  after(startPauseMs.least + random() * (startPauseMs.most - startPauseMs.least), () => {
    untidy = true;
    atWork();
  });
  return {
    atWork,
    changeEnded: () => {
      const quiet = now() - workedAt >= QUIET_MS;
      atWork();
      if (quiet && garbage() >= WORTH_COLLECTING) run(collector.compact);
    },
  };
}
