import { collectWhenIdle } from '../../../packages/bmc-worker/src/shell/idle-collection.ts';

const mebibyte = 1024 * 1024;

/** A process of which we say how much garbage it has, and when time passes. */
const processOf = () => {
  let pending: { readonly atMs: number; readonly act: () => void } | undefined;
  let nowMs = 0;
  const process = {
    heapUsed: 10 * mebibyte,
    collectedAtMs: [] as number[],
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
  const atWork = collectWhenIdle({
    collect: () => {
      process.collectedAtMs.push(nowMs);
      process.heapUsed = 5 * mebibyte;
    },
    heapUsed: () => process.heapUsed,
    after: (ms, act) => {
      expect(pending).toBeUndefined();
      pending = { atMs: nowMs + ms, act };
    },
  });
  return { process, atWork, isWaiting: () => pending !== undefined };
};

describe('collection when idle', () => {
  it('collects a few times after work, with growing pauses, and then leaves the process asleep', () => {
    const { process, atWork, isWaiting } = processOf();
    atWork();
    process.passMs(3_600_000);
    expect(process.collectedAtMs).toEqual([1_000, 3_000, 7_000, 15_000]);
    expect(isWaiting()).toBe(false);
  });

  it('does not collect while there is work', () => {
    const { process, atWork } = processOf();
    for (let n = 0; n < 100; n++) {
      atWork();
      process.passMs(300);
    }
    expect(process.collectedAtMs).toEqual([]);
    process.passMs(60_000);
    expect(process.collectedAtMs).toHaveLength(4);
  });

  it('collects in the middle of work when much has come together', () => {
    const { process, atWork } = processOf();
    atWork();
    process.passMs(60_000);
    const before = process.collectedAtMs.length;
    for (let n = 0; n < 40; n++) {
      atWork();
      process.passMs(500);
      process.heapUsed += mebibyte / 4;
    }
    expect(process.collectedAtMs.length - before).toBe(4);
    expect(process.heapUsed).toBeLessThanOrEqual(7.5 * mebibyte);
  });

  it('begins again when work comes between its collections', () => {
    const { process, atWork } = processOf();
    atWork();
    process.passMs(5_000);
    expect(process.collectedAtMs).toHaveLength(2);
    process.heapUsed += mebibyte;
    atWork();
    process.passMs(60_000);
    expect(process.collectedAtMs).toHaveLength(6);
  });

  it('leaves little garbage where it is until there is more', () => {
    const { process, atWork, isWaiting } = processOf();
    atWork();
    process.passMs(60_000);
    for (let n = 0; n < 10; n++) {
      atWork();
      process.heapUsed += 60 * 1024;
      process.passMs(60_000);
      expect(isWaiting()).toBe(false);
      expect(process.collectedAtMs).toHaveLength(n < 8 ? 4 : 8);
    }
  });

  it('does nothing in a process that cannot collect', () => {
    const unexpected = (): never => {
      throw new Error('not to be called');
    };
    expect(() => {
      collectWhenIdle({ collect: undefined, heapUsed: unexpected, after: unexpected })();
    }).not.toThrow();
  });
});
