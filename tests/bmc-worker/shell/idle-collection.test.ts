import { collectWhenIdle } from '#worker/shell/idle-collection.ts';

const MEBIBYTE = 1024 * 1024;

/** A process whose garbage and clock the test controls. */
function processOf() {
  let pending: { readonly atMs: number; readonly act: () => void } | undefined;
  let nowMs = 0;
  let afterStart: { readonly ms: number; readonly act: () => void } | undefined;
  const process = {
    heapUsed: 10 * MEBIBYTE,
    collectedAtMs: [] as number[],
    /** Those of them that compacted. */
    compactedAtMs: [] as number[],
    passMs(ms: number): void {
      const untilMs = nowMs + ms;
      while (pending !== undefined && pending.atMs <= untilMs) {
        const { atMs, act } = pending;
        nowMs = atMs;
        pending = undefined;
        act();
      }
      nowMs = untilMs;
    },
  };
  const collect = (): void => {
    process.collectedAtMs.push(nowMs);
    process.heapUsed = 5 * MEBIBYTE;
  };
  const collection = collectWhenIdle({
    collector: {
      collect,
      compact: () => {
        process.compactedAtMs.push(nowMs);
        collect();
      },
    },
    heapUsed: () => process.heapUsed,
    now: () => nowMs,
    random: () => 0.5,
    after: (ms, act) => {
      if (afterStart === undefined) {
        afterStart = { ms, act };
        return;
      }
      expect(pending).toBeUndefined();
      pending = { atMs: nowMs + ms, act };
    },
  });
  // Enough to be worth a collection.
  process.heapUsed += MEBIBYTE;
  return {
    process,
    afterStart,
    noteWork: () => {
      collection.noteWork();
    },
    noteChange: () => {
      collection.noteChange();
    },
    isWaiting: () => pending !== undefined,
  };
}

describe('collection when idle', () => {
  it('collects a few times after work, with growing pauses, then lets the process sleep', () => {
    const { process, noteWork, isWaiting } = processOf();
    noteWork();
    process.passMs(3_600_000);
    expect(process.collectedAtMs).toEqual([1_000, 3_000, 7_000, 15_000]);
    expect(process.compactedAtMs).toEqual(process.collectedAtMs);
    expect(isWaiting()).toBe(false);
  });

  it('does not collect while there is work', () => {
    const { process, noteWork } = processOf();
    for (let n = 0; n < 100; n += 1) {
      noteWork();
      process.passMs(300);
    }
    expect(process.collectedAtMs).toEqual([]);
    process.passMs(60_000);
    expect(process.collectedAtMs).toHaveLength(4);
  });

  it('collects during work when there is much garbage, without taking the time to compact', () => {
    const { process, noteWork } = processOf();
    noteWork();
    process.passMs(60_000);
    const [before, compactedBefore] = [process.collectedAtMs.length, process.compactedAtMs.length];
    for (let n = 0; n < 40; n += 1) {
      noteWork();
      process.passMs(500);
      process.heapUsed += MEBIBYTE / 4;
    }
    expect(process.collectedAtMs.length - before).toBe(4);
    expect(process.compactedAtMs).toHaveLength(compactedBefore);
    process.heapUsed = 5 * MEBIBYTE;
    process.passMs(60_000);
    expect(process.compactedAtMs).toHaveLength(compactedBefore + 4);
    expect(process.heapUsed).toBeLessThanOrEqual(7.5 * MEBIBYTE);
  });

  it('begins again when work comes between collections', () => {
    const { process, noteWork } = processOf();
    noteWork();
    process.passMs(5_000);
    expect(process.collectedAtMs).toHaveLength(2);
    process.heapUsed += MEBIBYTE;
    noteWork();
    process.passMs(60_000);
    expect(process.collectedAtMs).toHaveLength(6);
  });

  it('does not collect a little garbage until there is more', () => {
    const { process, noteWork, isWaiting } = processOf();
    noteWork();
    process.passMs(60_000);
    for (let n = 0; n < 10; n += 1) {
      noteWork();
      process.heapUsed += 60 * 1024;
      process.passMs(60_000);
      expect(isWaiting()).toBe(false);
      expect(process.collectedAtMs).toHaveLength(n < 8 ? 4 : 8);
    }
  });

  it('collects as soon as a change has been answered, and later as after any work', () => {
    const { process, noteWork, noteChange } = processOf();
    noteWork();
    process.passMs(200);
    process.heapUsed += MEBIBYTE;
    noteChange();
    expect(process.compactedAtMs).toEqual([200]);
    process.passMs(60_000);
    expect(process.compactedAtMs).toHaveLength(5);
  });

  it('does not collect right after a change while another client sends requests', () => {
    const { process, noteWork, noteChange } = processOf();
    noteWork();
    process.passMs(200);
    noteWork();
    process.passMs(10);
    noteChange();
    expect(process.collectedAtMs).toEqual([]);
    process.passMs(60_000);
    expect(process.collectedAtMs).toHaveLength(4);
  });

  it('does not collect right after a change that left little garbage', () => {
    const { process, noteWork, noteChange } = processOf();
    noteWork();
    process.passMs(60_000);
    noteChange();
    process.passMs(60_000);
    expect(process.collectedAtMs).toHaveLength(4);
  });

  it('collects what a start left only after the other workers have started too', () => {
    const { process, afterStart, noteWork, isWaiting } = processOf();
    process.heapUsed -= MEBIBYTE;
    noteWork();
    process.passMs(44_000);
    expect(process.collectedAtMs).toEqual([]);
    expect(isWaiting()).toBe(false);
    expect(afterStart?.ms).toBe(45_000);
    afterStart?.act();
    process.passMs(60_000);
    expect(process.collectedAtMs).toEqual([45_000, 47_000, 51_000, 59_000]);
  });

  it('does nothing in a process that cannot collect', () => {
    const unexpected = (): never => {
      throw new Error('not to be called');
    };
    const never = { heapUsed: unexpected, now: unexpected, after: unexpected, random: unexpected };
    const options = { collector: undefined, ...never };
    const { noteWork, noteChange } = collectWhenIdle(options);
    expect(noteWork).not.toThrow();
    expect(noteChange).not.toThrow();
  });
});
