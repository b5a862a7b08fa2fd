import fc from 'fast-check';
import { decodeSessionTrailer, encodeSessionTrailer, integrityPadLength } from '@vbmc/ipmi-codec';
import { bytes } from '#support/arbitraries.ts';
import { attempt } from '#support/decoder-properties.ts';

describe('session trailer', () => {
  it.each(Array.from({ length: 40 }, (_, length) => length + 12))(
    'pads a span of %d bytes to a multiple of 4 with at most 3 bytes',
    (length) => {
      const padLength = integrityPadLength(length);
      expect(padLength).toBeLessThanOrEqual(3);
      expect((length + encodeSessionTrailer(padLength).length) % 4).toBe(0);
    },
  );

  it('consists of FFh pad, pad length and next header 07h', () => {
    expect([...encodeSessionTrailer(0)]).toEqual([0, 7]);
    expect([...encodeSessionTrailer(3)]).toEqual([0xff, 0xff, 0xff, 3, 7]);
  });

  it('yields its authentication code for every pad length', () => {
    fc.assert(
      fc.property(fc.nat(3), fc.constantFrom(12, 16).chain(bytes), (padLength, code) => {
        const trailer = Uint8Array.from([...encodeSessionTrailer(padLength), ...code]);
        expect(decodeSessionTrailer(trailer, code.length)).toEqual(code);
      }),
    );
  });

  it.each([
    ['nothing', []],
    ['less than the code', [7]],
    ['a wrong pad length', [0xff, 2, 7, 1, 2, 3, 4]],
    ['another next header', [0xff, 1, 6, 1, 2, 3, 4]],
  ])('refuses %s', (_what, trailer) => {
    expect(attempt(() => decodeSessionTrailer(Uint8Array.from(trailer), 4))).toHaveProperty('error');
  });
});
