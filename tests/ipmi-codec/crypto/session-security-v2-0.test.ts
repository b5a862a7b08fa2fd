import { createCipheriv } from 'node:crypto';
import { inspect } from 'node:util';
import fc from 'fast-check';
import { DecodeError, k1, k2, SessionSecurityV20, type CipherSuiteId } from '@vbmc/ipmi-codec';
import { bytes, bytesUpTo } from '#support/arbitraries.ts';
import { fromHex, toHex } from '#support/hex.ts';

const suites = [
  [3, 'rakpHmacSha1', 20],
  [17, 'rakpHmacSha256', 32],
] as const satisfies readonly [CipherSuiteId, string, number][];
const iv = new Uint8Array(16).fill(0x33);

describe.each(suites)('session security of cipher suite %d', (suite, algorithm, sikLength) => {
  const sik = Uint8Array.from({ length: sikLength }, (_, i) => 0xc0 + i);
  const security = new SessionSecurityV20(suite, sik);
  const aesKey = k2(algorithm, sik).subarray(0, 16);
  const encryptBlocks = (hex: string): Uint8Array => {
    const cipher = createCipheriv('aes-128-cbc', aesKey, iv).setAutoPadding(false);
    return Buffer.concat([iv, cipher.update(fromHex(hex))]);
  };

  it('decrypts a payload that it encrypted', () => {
    fc.assert(
      fc.property(bytesUpTo(100), bytes(16), (payload, random) => {
        const encrypted = security.encrypt(payload, random);
        expect(encrypted.length % 16).toBe(0);
        expect(toHex(encrypted.subarray(0, 16))).toBe(toHex(random));
        expect(toHex(security.decrypt(encrypted))).toBe(toHex(payload));
      }),
    );
  });

  it.each([
    ['15 pad bytes', '0102030405060708090a0b0c0d0e0f0f', ''],
    ['none', 'aaaaaaaaaaaaaaaaaaaaaaaaaaaaaa00', 'aaaaaaaaaaaaaaaaaaaaaaaaaaaaaa'],
    ['three', 'bbbbbbbbbbbbbbbbbbbbbbbb01020303', 'bbbbbbbbbbbbbbbbbbbbbbbb'],
  ])('takes a confidentiality pad of %s', (_what, block, payload) => {
    expect(toHex(security.decrypt(encryptBlocks(block)))).toBe(payload);
  });

  it.each([
    ['a pad length of 16', '0102030405060708090a0b0c0d0e0f10'],
    ['a pad length of 255', 'ffffffffffffffffffffffffffffffff'],
    ['a wrong first pad byte', 'bbbbbbbbbbbbbbbbbbbbbbbb00020303'],
    ['a wrong last pad byte', 'bbbbbbbbbbbbbbbbbbbbbbbb01020403'],
  ])('refuses %s', (_what, block) => {
    expect(() => security.decrypt(encryptBlocks(block))).toThrow(DecodeError);
  });

  it.each([0, 1, 15, 16, 17, 31, 33, 47])('refuses %d bytes', (length) => {
    expect(() => security.decrypt(new Uint8Array(length))).toThrow(DecodeError);
  });

  it('has no printable form that shows a key', () => {
    const printed = [
      JSON.stringify(security),
      inspect(security, { showHidden: true, depth: null, getters: true }),
      inspect(Object.getOwnPropertyDescriptors(security), { showHidden: true, depth: null }),
      Object.prototype.toString.call(security),
      Object.entries(security).join(),
    ].join('\n');
    for (const key of [sik, k1(algorithm, sik), k2(algorithm, sik)]) {
      const start = key.subarray(0, 4);
      for (const form of [toHex(start), [...start].join(','), [...start].join(', '), hexDump(start)]) {
        expect(printed.toLowerCase()).not.toContain(form);
      }
      expect(printed).not.toContain(Buffer.from(key).toString('base64').slice(0, 8));
    }
  });
});

/** The bytes in the form in which `inspect` prints a Buffer. */
function hexDump(part: Uint8Array): string {
  return [...part].map((value) => value.toString(16).padStart(2, '0')).join(' ');
}
