import { createHmac } from 'node:crypto';
import { DecodeError } from '../bytes/decode-error.ts';
import { cipherSuites, type CipherSuiteId } from '../terms/cipher-suite.ts';
import { AesCbc, AES_BLOCK_LENGTH } from './aes-cbc.ts';
import { k1, k2 } from './rakp.ts';

/** Hash, and length in bytes after truncation, of each integrity algorithm (v2.0§13.28.4). */
const integrity = {
  hmacSha1_96: { hash: 'sha1', length: 12 },
  hmacSha256_128: { hash: 'sha256', length: 16 },
} as const;

/** AES-CBC-128's initialization vector: 16 bytes at the start of every encrypted payload (v2.0§13.29 table 13-20). */
export const INITIALIZATION_VECTOR_LENGTH = AES_BLOCK_LENGTH;

/**
 * The keys of one IPMI 2.0 session: encrypts and authenticates its payloads as far as its cipher suite does. The keys
 * are private fields and have no printable form.
 */
export class SessionSecurityV20 {
  readonly cipherSuiteId: CipherSuiteId;
  /** Bytes of authentication code in a session trailer; 0 if packets have none. */
  readonly authCodeLength: number = 0;
  readonly #hash: string = '';
  /** Undefined without integrity. */
  readonly #k1: Uint8Array | undefined;
  /** Undefined without confidentiality. */
  readonly #aes: AesCbc | undefined;

  /** `sik` has the length of the authentication algorithm's digest. */
  constructor(cipherSuiteId: CipherSuiteId, sik: Uint8Array) {
    const suite = cipherSuites[cipherSuiteId];
    this.cipherSuiteId = cipherSuiteId;
    if (suite.integrity !== 'none') {
      this.authCodeLength = integrity[suite.integrity].length;
      this.#hash = integrity[suite.integrity].hash;
      this.#k1 = k1(suite.authentication, sik);
    }
    // AES-128 takes the first 16 bytes of K2 (v2.0§13.29).
    if (suite.confidentiality !== 'none')
      this.#aes = new AesCbc(k2(suite.authentication, sik).subarray(0, 16));
  }

  get authenticates(): boolean {
    return this.#k1 !== undefined;
  }

  get encrypts(): boolean {
    return this.#aes !== undefined;
  }

  /** Erases the keys. No other call may follow. */
  end(): void {
    this.#k1?.fill(0);
    this.#aes?.end();
  }

  /**
   * HMAC_K1(span), truncated. The span runs from the authentication type to the next header, inclusive. Empty without
   * integrity.
   */
  authCode(...span: readonly Uint8Array[]): Uint8Array {
    if (this.#k1 === undefined) return new Uint8Array(0);
    const mac = createHmac(this.#hash, this.#k1);
    for (const part of span) mac.update(part);
    return mac.digest().subarray(0, this.authCodeLength);
  }

  /**
   * Initialization vector ‖ AES-CBC-128(payload ‖ pad 01h 02h … ‖ pad length). Without confidentiality, the payload
   * itself. `iv` is 16 unpredictable bytes.
   */
  encrypt(payload: Uint8Array, iv: Uint8Array): Uint8Array {
    if (this.#aes === undefined) return payload;
    const padLength = -(payload.length + 1) & (AES_BLOCK_LENGTH - 1);
    const padded = new Uint8Array(payload.length + padLength + 1);
    padded.set(payload);
    for (let i = 0; i < padLength; i += 1) padded[payload.length + i] = i + 1;
    padded[padded.length - 1] = padLength;
    return this.#aes.encrypt(padded, iv);
  }

  /** Raises `DecodeError` unless the length is a multiple of the block length and the pad is 01h 02h … as specified. */
  decrypt(encrypted: Uint8Array): Uint8Array {
    if (this.#aes === undefined) return encrypted;
    if (encrypted.length < 2 * AES_BLOCK_LENGTH || encrypted.length % AES_BLOCK_LENGTH !== 0) {
      throw new DecodeError('tooShort', `an encrypted payload of ${encrypted.length} bytes`);
    }
    const padded = this.#aes.decrypt(encrypted);
    const padLength = padded[padded.length - 1] ?? 0;
    const payloadLength = padded.length - 1 - padLength;
    if (padLength >= AES_BLOCK_LENGTH || payloadLength < 0) {
      throw new DecodeError('invalidField', `confidentiality pad length ${padLength}`);
    }
    for (let i = 0; i < padLength; i += 1) {
      if (padded[payloadLength + i] !== i + 1) throw new DecodeError('invalidField', 'confidentiality pad');
    }
    return padded.subarray(0, payloadLength);
  }
}
