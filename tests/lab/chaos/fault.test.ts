import { SeededRandom } from '#support/seeded-random.ts';
import { describeFault, drawFault, faultKinds, type Fault, type FaultKind } from './fault.ts';
import { FaultLedger } from './fault-ledger.ts';

const all = new Set(Object.keys(faultKinds) as FaultKind[]);

function draw(seed: number, choice: Partial<Parameters<typeof drawFault>[1]> = {}): readonly Fault[] {
  const random = new SeededRandom(seed);
  const options = {
    lane: 'process',
    isSparing: false,
    available: all,
    domains: 6,
    busy: undefined,
    ...choice,
  } as const;
  return Array.from({ length: 400 }, () => drawFault(random, options));
}

describe('the choice', () => {
  test('the same seed draws the same faults, another one others', () => {
    expect(draw(1)).toEqual(draw(1));
    expect(draw(2)).not.toEqual(draw(1));
  });

  test('every fault is drawn, in its lane', () => {
    const drawn = (['process', 'surroundings'] as const).flatMap((lane) => draw(1, { lane }));
    expect(new Set(drawn.map(({ kind }) => kind))).toEqual(all);
    expect(draw(1).every(({ kind }) => faultKinds[kind].lane === 'process')).toBe(true);
  });

  test('a sparing choice hits one BMC at most', () => {
    const drawn = (['process', 'surroundings'] as const).flatMap((lane) =>
      draw(1, { lane, isSparing: true }),
    );
    expect(drawn.filter(({ target }) => target === 'all')).toEqual([]);
    expect(drawn.some(({ target }) => typeof target === 'number')).toBe(true);
  });

  test('what this machine does not allow is not drawn', () => {
    const available = new Set<FaultKind>(['stateDiskFull']);
    const kinds = draw(1, { lane: 'surroundings', available }).map(({ kind }) => kind);
    expect(new Set(kinds)).toEqual(available);
    expect(() => draw(1, { available })).toThrow('no fault can be drawn for process');
  });

  test('a domain that is asked for a change is hit more often than the others', () => {
    const hits = draw(1, { busy: 4, isSparing: true }).filter(({ target }) => target === 4).length;
    expect(hits).toBeGreaterThan(200);
    expect(hits).toBeLessThan(400);
  });

  test('each is told in words', () => {
    const fault: Fault = {
      ...{
        kind: 'virshOfOneStalls',
        target: 2,
        holdMs: 1_500,
        code: 'ENOMEM',
        end: 'dies',
        clockSeconds: 20,
      },
    };
    expect(describeFault(fault)).toBe('virshOfOneStalls of node-2 for 1.5 s, then dies');
    expect(describeFault({ ...fault, kind: 'workerForksFail' })).toBe(
      'workerForksFail of node-2 for 1.5 s, ENOMEM',
    );
    expect(describeFault({ ...fault, kind: 'clockStepped', target: 'all' })).toBe(
      'clockStepped for 1.5 s by 20 s',
    );
  });
});

describe('the ledger', () => {
  const fault: Fault = {
    ...{ kind: 'workerKilled', target: 1, holdMs: 0, code: 'ENOMEM', end: 'continues', clockSeconds: 0 },
  };
  const after = (hit: Partial<Fault>, { begin = 100_000, end = 101_000 } = {}): FaultLedger => {
    const ledger = new FaultLedger();
    ledger.begin({ ...fault, ...hit }, begin)(end);
    return ledger;
  };

  test('a BMC is undisturbed beside the one that was hit', () => {
    const ledger = after({});
    expect(ledger.isUndisturbed(2, 100_000, 102_000)).toBe(true);
    expect(ledger.isUndisturbed(1, 100_000, 102_000)).toBe(false);
    expect(ledger.isUndisturbed(1, 150_000, 152_000)).toBe(false);
    expect(ledger.isUndisturbed(1, 162_000, 163_000)).toBe(true);
    expect(ledger.isUndisturbed(1, 90_000, 99_000)).toBe(true);
  });

  test('a fault of all disturbs all, also while it lasts', () => {
    const ledger = after({ kind: 'libvirtdKilled', target: 'all' });
    expect(ledger.isUndisturbed(2, 110_000, 111_000)).toBe(false);
    expect(ledger.isUndisturbed(2, 127_000, 128_000)).toBe(true);
    const open = new FaultLedger();
    open.begin({ ...fault, target: 'all' }, 0);
    expect(open.isUndisturbed(2, 500_000, 501_000)).toBe(false);
    expect(open.isCalm(2, 500_000)).toBe(false);
  });

  test('an edit of other BMCs disturbs none', () => {
    const ledger = after({ kind: 'inventoryEdited', target: 'none' });
    expect(ledger.isUndisturbed(1, 100_000, 101_000)).toBe(true);
    expect(ledger.wasHit(1, 0, 200_000)).toBe(false);
  });

  test('only a vbmcd that cannot report excuses what was true before', () => {
    expect(after({}).mayBeStale(100_000, 101_000)).toBe(false);
    const frozen = after({ kind: 'vbmcdStopped', target: 'all' });
    expect(frozen.mayBeStale(110_000, 111_000)).toBe(true);
    expect(frozen.mayBeStale(117_000, 118_000)).toBe(false);
  });

  test('the history names what may have to do with the domain', () => {
    const ledger = after({});
    expect(ledger.history(1, 120_000)).toEqual(['100.0 s to 101.0 s: workerKilled of node-1']);
    expect(ledger.history(2, 120_000)).toEqual([]);
    expect(ledger.history(1, 300_000)).toEqual([]);
  });
});
