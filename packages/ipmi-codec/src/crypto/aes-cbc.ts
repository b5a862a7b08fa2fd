import { createCipheriv, createDecipheriv, type CipherKey } from 'node:crypto';

export const AES_BLOCK_LENGTH = 16;

const ALGORITHM = 'aes-128-cbc';
const zeros = new Uint8Array(AES_BLOCK_LENGTH);

/**
 * AES-CBC-128 of whole blocks under one key. One cipher and one decipher object serve all packets of a session:
 * creating new ones costs four times as much as the encryption, and leaves native memory to the garbage collector.
 */
export class AesCbc {
  readonly #cipher;
  readonly #decipher;
  /** The last block of ciphertext, which the cipher will XOR into the next block. */
  #carried: Uint8Array = zeros;

  /** `key` is 16 bytes. */
  constructor(key: CipherKey) {
    this.#cipher = createCipheriv(ALGORITHM, key, zeros).setAutoPadding(false);
    this.#decipher = createDecipheriv(ALGORITHM, key, zeros).setAutoPadding(false);
  }

  /** Returns initialization vector ‖ encrypted blocks. Overwrites the first of `blocks`. */
  encrypt(blocks: Uint8Array, iv: Uint8Array): Uint8Array {
    // Cancels the block that the cipher carries over, and puts the initialization vector in its place.
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

  /** Decrypts the blocks after the initialization vector, with which `encrypted` begins. */
  decrypt(encrypted: Uint8Array): Uint8Array {
    // The decipher takes the vector as one more block of ciphertext and carries it over to the next block, as CBC does
    // with a vector. The plaintext of that extra block is meaningless and dropped.
    return this.#decipher.update(encrypted).subarray(AES_BLOCK_LENGTH);
  }

  /**
   * Frees OpenSSL's memory, which holds the keys, now and not at the next garbage collection. No other call may follow.
   */
  end(): void {
    this.#cipher.final();
    this.#decipher.final();
  }
}
