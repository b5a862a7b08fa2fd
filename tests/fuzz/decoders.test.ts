import fc from 'fast-check';
import { sourceTree } from '#support/architecture/source-tree.ts';
import { decoderAndInput } from './decoder-inputs.ts';
import { assertDecoderInvariants } from './decoder-invariants.ts';
import { decoders, exportedReaders } from './decoders.ts';

const ROOT = new URL('../..', import.meta.url).pathname;

/** That every registered command is one of the codec's is tested in dispatch.test.ts. */
describe('fuzzing the decoders', () => {
  it('finds no violated invariant', () => {
    fc.assert(
      fc.property(decoderAndInput, ([name, bytes]) => {
        assertDecoderInvariants(name, bytes);
      }),
      { numRuns: 20_000 },
    );
  });

  it('covers every exported function and codec that reads bytes', () => {
    const covered = decoders.map(({ name }) => name.split(' ')[0]);
    expect(exportedReaders.filter((name) => !covered.includes(name))).toEqual([]);
    expect(exportedReaders.length).toBeGreaterThan(10);
  });

  it('misses no decoder, because the codec exports all of them', () => {
    const declared = sourceTree(ROOT, ['packages/ipmi-codec/src']).flatMap(({ text }) =>
      [...text.matchAll(/^export function (decode[A-Z]\w*)/gm)].map(([, name]) => name ?? ''),
    );
    expect(declared.length).toBeGreaterThan(10);
    expect(declared.filter((name) => !exportedReaders.includes(name))).toEqual([]);
  });
});
