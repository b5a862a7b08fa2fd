import fc from 'fast-check';
import { ByteReader, ByteWriter } from '@vbmc/ipmi-codec';
import { bits, byte } from '#support/arbitraries.ts';

describe('ByteWriter', () => {
  it('writes fields that ByteReader reads back', () => {
    const fields = fc.tuple(byte, bits(16), bits(24), bits(32), bits(32));
    fc.assert(
      fc.property(fields, ([a, b, c, d, e]) => {
        const { bytes } = new ByteWriter(14).u8(a).u16(b).u24(c).u32(d).u32BigEndian(e);
        const reader = new ByteReader(bytes);
        expect([reader.u8(), reader.u16(), reader.u24(), reader.u32(), reader.u32BigEndian()]).toEqual([
          a,
          b,
          c,
          d,
          e,
        ]);
      }),
    );
  });

  it('leaves skipped bytes zero and puts byte strings in order', () => {
    const { bytes } = new ByteWriter(6).u8(1).skip(2).put(Uint8Array.of(7, 8)).u8(9);
    expect([...bytes]).toEqual([1, 0, 0, 7, 8, 9]);
  });

  it('refuses a byte string beyond its length', () => {
    expect(() => new ByteWriter(2).put(new Uint8Array(3))).toThrow('out of bounds');
  });
});
