/**
 * V8 collects old garbage when some ten megabytes have come together, and keeps what it needed then: so it is told to
 * when there is time for it, and before a session's keys, which are memory of OpenSSL's, come to much.
 */

/**
 * How long nothing has to happen before each collection. V8 gives young pages back only when there was next to no
 * garbage for 5 s, and drops code that was not run for some collections.
 */
const pausesMs = [1_000, 2_000, 4_000, 8_000] as const;
/** Less new garbage, in bytes, is not worth the 15 ms: that of some ten sessions. */
const worthCollecting = 512 * 1024;
/** As much is collected while there is work too: that of some thousand sessions. */
const tooMuch = 2 * 1024 * 1024;

export interface IdleCollectionOptions {
  /** Collects; undefined in a process without `--expose-gc`. */
  readonly collect: (() => void) | undefined;
  /** In bytes. */
  readonly heapUsed: () => number;
  /** Calls once, later. */
  readonly after: (ms: number, act: () => void) => void;
}

const ofThisProcess: IdleCollectionOptions = {
  collect: globalThis.gc && ((): void => globalThis.gc?.()),
  heapUsed: () => process.memoryUsage().heapUsed,
  after: (ms, act) => void setTimeout(act, ms).unref(),
};

/** Returns what is to be called with everything that makes garbage. Each burst is followed by a few collections, and a long one has some in it. */
export const collectWhenIdle = ({ collect, heapUsed, after } = ofThisProcess): (() => void) => {
  if (collect === undefined) return () => undefined;
  let waiting = false;
  let worked = false;
  let collections = 0;
  // What a start leaves behind is worth it.
  let usedAfterwards = heapUsed() - worthCollecting;

  const look = (): void => {
    waiting = false;
    const garbage = heapUsed() - usedAfterwards;
    if (worked) {
      worked = false;
      collections = 0;
      if (garbage >= tooMuch) collectNow();
    } else {
      if (collections === 0 && garbage < worthCollecting) return;
      collections++;
      collectNow();
    }
    wait();
  };
  const collectNow = (): void => {
    collect();
    usedAfterwards = heapUsed();
  };
  const wait = (): void => {
    const pauseMs = pausesMs[collections];
    if (pauseMs === undefined) return;
    waiting = true;
    after(pauseMs, look);
  };
  return () => {
    worked = waiting;
    if (waiting) return;
    collections = 0;
    wait();
  };
};
