import { createCipheriv, createDecipheriv, type CipherKey } from 'node:crypto';

export const AES_BLOCK_LENGTH = 16;

const ALGORITHM = 'aes-128-cbc';
const zeros = new Uint8Array(AES_BLOCK_LENGTH);

/**
 * AES-CBC-128 of whole blocks under one key. Cipher and decipher are made once and go on from packet to
 * packet: making them anew costs four times what they do (and leaves native memory to the collector).
 */
export class AesCbc {
  readonly #cipher;
  readonly #decipher;
  /** What the cipher will mix into the next block: the last block that it put out. */
  #carried: Uint8Array = zeros;

  /** `key` is 16 bytes. */
  constructor(key: CipherKey) {
    this.#cipher = createCipheriv(ALGORITHM, key, zeros).setAutoPadding(false);
    this.#decipher = createDecipheriv(ALGORITHM, key, zeros).setAutoPadding(false);
  }

  /** Initialization vector ‖ blocks. Overwrites the first of `blocks`. */
  encrypt(blocks: Uint8Array, iv: Uint8Array): Uint8Array {
    // What is carried over is taken out, and the initialization vector put in its place.
    for (let i = 0; i < AES_BLOCK_LENGTH; i += 1) {
      blocks[i] = (blocks[i] ?? 0) ^ (this.#carried[i] ?? 0) ^ (iv[i] ?? 0);
    }
    const encrypted = this.#cipher.update(blocks);
    this.#carried = encrypted.subarray(-AES_BLOCK_LENGTH);
    const result = new Uint8Array(iv.length + encrypted.length);
    result.set(iv);
    result.set(encrypted, iv.length);
    return result;
  }

  /** The blocks after the initialization vector that `encrypted` begins with. */
  decrypt(encrypted: Uint8Array): Uint8Array {
    // The vector goes in as one more block of ciphertext: what it is decrypted to is nothing, and it is carried
    // over to the block after it, which is all that CBC wants of a vector.
    return this.#decipher.update(encrypted).subarray(AES_BLOCK_LENGTH);
  }

  /** Gives OpenSSL's memory, with the keys in it, back now and not when the collector comes by. The last call. */
  end(): void {
    this.#cipher.final();
    this.#decipher.final();
  }
}
