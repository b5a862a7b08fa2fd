import { createRandomSource } from '#worker/shell/random-source.ts';

describe('the source of randomness', () => {
  it('hands out as many bytes as requested, even more than its stock', () => {
    const random = createRandomSource();
    expect([1, 16, 1000, 24, 1024, 5000].map((length) => random(length).length)).toEqual([
      1, 16, 1000, 24, 1024, 5000,
    ]);
  });

  it('hands out no bytes twice, and no unfilled ones', () => {
    const random = createRandomSource();
    const taken = Array.from({ length: 500 }, () => Buffer.from(random(24)).toString('hex'));
    expect(new Set(taken).size).toBe(500);
    expect(taken.filter((hex) => hex.includes('0'.repeat(16)))).toEqual([]);
  });

  it('does not change bytes that it has handed out', () => {
    const random = createRandomSource();
    const first = random(16);
    const before = [...first];
    for (let n = 0; n < 200; n += 1) random(16);
    expect([...first]).toEqual(before);
    expect(first.buffer.byteLength).toBe(16);
  });
});
