import { createCipheriv } from 'node:crypto';
import fc from 'fast-check';
import { AesCbc } from '#codec/crypto/aes-cbc.ts';
import { bytes } from '#support/arbitraries.ts';
import { toHex } from '#support/hex.ts';

const wholeBlocks = fc.integer({ min: 1, max: 5 }).chain((blocks) => bytes(16 * blocks));
const packets = fc.array(fc.tuple(wholeBlocks, bytes(16)), { maxLength: 8 });

/** Encrypts with a new cipher, as the specification describes it for each packet. */
function encryptAlone(key: Uint8Array, blocks: Uint8Array, iv: Uint8Array): Uint8Array {
  return Buffer.concat([iv, createCipheriv('aes-128-cbc', key, iv).setAutoPadding(false).update(blocks)]);
}

describe('AES-CBC with one cipher for all packets of a session', () => {
  it('encrypts each packet as if it were the first', () => {
    fc.assert(
      fc.property(bytes(16), packets, (key, sent) => {
        const aes = new AesCbc(key);
        for (const [blocks, iv] of sent) {
          expect(toHex(aes.encrypt(blocks.slice(), iv))).toBe(toHex(encryptAlone(key, blocks, iv)));
        }
      }),
    );
  });

  it('decrypts each packet independently of the packets before it', () => {
    fc.assert(
      fc.property(bytes(16), packets, (key, received) => {
        const aes = new AesCbc(key);
        for (const [blocks, iv] of received) {
          expect(toHex(aes.decrypt(encryptAlone(key, blocks, iv)))).toBe(toHex(blocks));
        }
      }),
    );
  });

  it('raises an error when it is used after its end', () => {
    const aes = new AesCbc(new Uint8Array(16));
    const encrypted = aes.encrypt(new Uint8Array(16), new Uint8Array(16));

    aes.end();

    expect(() => aes.encrypt(new Uint8Array(16), new Uint8Array(16))).toThrow();
    expect(() => aes.decrypt(encrypted)).toThrow();
  });
});
