import { createGarbageCollector } from '#worker/shell/garbage-collector.ts';

function compactWith(nodeVersion: string): unknown[][] {
  const calls: unknown[][] = [];
  const gc = ((...options: unknown[]) => void calls.push(options)) as NodeJS.GCFunction;
  createGarbageCollector(gc, nodeVersion)?.compact();
  return calls;
}

describe('the garbage collector', () => {
  it('does not exist without --expose-gc', () => {
    expect(createGarbageCollector(undefined, process.versions.node)).toBeUndefined();
  });

  it('claims that memory is short to a V8 that otherwise gives nothing back', () => {
    for (const version of ['22.23.3', '24.21.0', '26.10.0']) {
      expect(compactWith(version)).toEqual([[{ type: 'major', flavor: 'last-resort' }]]);
    }
  });

  it('gives Node 20 no options, which would make it collect young objects only', () => {
    expect(compactWith('20.20.2')).toEqual([[]]);
  });
});
