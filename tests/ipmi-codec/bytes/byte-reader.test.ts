import { ByteReader, DecodeError } from '@vbmc/ipmi-codec';
import { attempt } from '#support/decoder-properties.ts';

const bytes = Uint8Array.of(0x01, 0x82, 0x03, 0xf4, 0x05);

describe('ByteReader', () => {
  it('reads little-endian, unsigned fields in order', () => {
    expect(new ByteReader(bytes).u8()).toBe(0x01);
    expect(new ByteReader(bytes).u16()).toBe(0x8201);
    expect(new ByteReader(bytes).u24()).toBe(0x03_8201);
    expect(new ByteReader(bytes).u32()).toBe(0xf403_8201);
    expect(new ByteReader(bytes.subarray(1)).u32BigEndian()).toBe(0x8203_f405);
  });

  it('counts the remaining bytes', () => {
    const reader = new ByteReader(bytes);
    reader.skip(2);
    expect(reader.remaining).toBe(3);
    expect([...reader.take(1), ...reader.rest()]).toEqual([0x03, 0xf4, 0x05]);
    expect(reader.remaining).toBe(0);
    expect(() => {
      reader.end();
    }).not.toThrow();
  });

  it.each<[string, (reader: ByteReader) => unknown]>([
    ['u8', (reader) => reader.u8()],
    ['u16', (reader) => reader.u16()],
    ['u24', (reader) => reader.u24()],
    ['u32', (reader) => reader.u32()],
    ['u32BigEndian', (reader) => reader.u32BigEndian()],
    ['take', (reader) => reader.take(1)],
  ])('%s raises a DecodeError at the end', (_name, read) => {
    expect(attempt(() => read(new ByteReader(new Uint8Array(0))))).toMatchObject({
      error: { reason: 'tooShort' },
    });
  });

  it('raises a DecodeError for remaining bytes', () => {
    expect(() => {
      new ByteReader(bytes).end();
    }).toThrow(new DecodeError('tooLong', '5 bytes too many'));
  });

  it('returns plain Uint8Arrays from a Buffer, at the right offset of its shared pool', () => {
    const pool = Buffer.from('..abc..');
    const reader = new ByteReader(pool.subarray(2, 5));
    reader.skip(1);
    const taken = reader.rest();
    expect(Buffer.isBuffer(taken)).toBe(false);
    expect([...taken]).toEqual([0x62, 0x63]);
    expect(taken.slice().buffer).not.toBe(pool.buffer);
  });
});
