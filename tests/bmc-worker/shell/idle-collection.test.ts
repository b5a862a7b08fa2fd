import { collectWhenIdle } from '#worker/shell/idle-collection.ts';

const MEBIBYTE = 1024 * 1024;

/** A process of which we say how much garbage it has, and when time passes. */
function processOf() {
  let pending: { readonly atMs: number; readonly act: () => void } | undefined;
  let nowMs = 0;
  let afterStart: { readonly ms: number; readonly act: () => void } | undefined;
  const process = {
    heapUsed: 10 * MEBIBYTE,
    collectedAtMs: [] as number[],
    /** Of these, those that compacted. */
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
  const { atWork, changeEnded } = collectWhenIdle({
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
  // Enough to be worth it.
  process.heapUsed += MEBIBYTE;
  return { process, afterStart, atWork, changeEnded, isWaiting: () => pending !== undefined };
}

describe('collection when idle', () => {
  it('collects a few times after work, with growing pauses, and then leaves the process asleep', () => {
    const { process, atWork, isWaiting } = processOf();
    atWork();
    process.passMs(3_600_000);
    expect(process.collectedAtMs).toEqual([1_000, 3_000, 7_000, 15_000]);
    expect(process.compactedAtMs).toEqual(process.collectedAtMs);
    expect(isWaiting()).toBe(false);
  });

  it('does not collect while there is work', () => {
    const { process, atWork } = processOf();
    for (let n = 0; n < 100; n += 1) {
      atWork();
      process.passMs(300);
    }
    expect(process.collectedAtMs).toEqual([]);
    process.passMs(60_000);
    expect(process.collectedAtMs).toHaveLength(4);
  });

  it('collects in the middle of work when much has come together, and does not take the time to compact', () => {
    const { process, atWork } = processOf();
    atWork();
    process.passMs(60_000);
    const [before, compactedBefore] = [process.collectedAtMs.length, process.compactedAtMs.length];
    for (let n = 0; n < 40; n += 1) {
      atWork();
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

  it('begins again when work comes between its collections', () => {
    const { process, atWork } = processOf();
    atWork();
    process.passMs(5_000);
    expect(process.collectedAtMs).toHaveLength(2);
    process.heapUsed += MEBIBYTE;
    atWork();
    process.passMs(60_000);
    expect(process.collectedAtMs).toHaveLength(6);
  });

  it('leaves little garbage where it is until there is more', () => {
    const { process, atWork, isWaiting } = processOf();
    atWork();
    process.passMs(60_000);
    for (let n = 0; n < 10; n += 1) {
      atWork();
      process.heapUsed += 60 * 1024;
      process.passMs(60_000);
      expect(isWaiting()).toBe(false);
      expect(process.collectedAtMs).toHaveLength(n < 8 ? 4 : 8);
    }
  });

  it('collects as soon as a change has been answered, and after that as after any work', () => {
    const { process, atWork, changeEnded } = processOf();
    atWork();
    process.passMs(200);
    process.heapUsed += MEBIBYTE;
    changeEnded();
    expect(process.compactedAtMs).toEqual([200]);
    process.passMs(60_000);
    expect(process.compactedAtMs).toHaveLength(5);
  });

  it('does not collect after a change while somebody else asks', () => {
    const { process, atWork, changeEnded } = processOf();
    atWork();
    process.passMs(200);
    atWork();
    process.passMs(10);
    changeEnded();
    expect(process.collectedAtMs).toEqual([]);
    process.passMs(60_000);
    expect(process.collectedAtMs).toHaveLength(4);
  });

  it('leaves it when a change left little', () => {
    const { process, atWork, changeEnded } = processOf();
    atWork();
    process.passMs(60_000);
    changeEnded();
    process.passMs(60_000);
    expect(process.collectedAtMs).toHaveLength(4);
  });

  it('leaves what a start left until the others have started too', () => {
    const { process, afterStart, atWork, isWaiting } = processOf();
    process.heapUsed -= MEBIBYTE;
    atWork();
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
    const { atWork, changeEnded } = collectWhenIdle(options);
    expect(atWork).not.toThrow();
    expect(changeEnded).not.toThrow();
  });
});
