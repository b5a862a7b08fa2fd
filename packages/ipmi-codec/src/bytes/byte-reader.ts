import { DecodeError } from './decode-error.ts';

/** Reads little-endian fields from a byte string, in order. Every short read raises a `DecodeError`. */
export class ByteReader {
  readonly #bytes: Uint8Array;
  #offset = 0;

  constructor(bytes: Uint8Array) {
    this.#bytes = bytes;
  }

  get remaining(): number {
    return this.#bytes.length - this.#offset;
  }

  u8(): number {
    const at = this.#advance(1);
    return this.#bytes[at] ?? 0;
  }

  /** Two bytes, least significant first. */
  u16(): number {
    return this.u8() | (this.u8() << 8);
  }

  /** Three bytes, least significant first. */
  u24(): number {
    return this.u16() | (this.u8() << 16);
  }

  /** Four bytes, least significant first, as an unsigned number. */
  u32(): number {
    return (this.u16() | (this.u16() << 16)) >>> 0;
  }

  /** Four bytes, most significant first. ASF uses this order (ASF 2.0 §3.2.2.3); IPMI does not. */
  u32BigEndian(): number {
    return ((this.u8() << 24) | (this.u8() << 16) | (this.u8() << 8) | this.u8()) >>> 0;
  }

  /**
   * The next `length` bytes as a view of the same memory. The view is a plain `Uint8Array` even if the input is a Node
   * `Buffer`, because a `Buffer` has another `slice` (which does not copy) and another JSON form.
   */
  take(length: number): Uint8Array {
    const at = this.#advance(length);
    return new Uint8Array(this.#bytes.buffer, this.#bytes.byteOffset + at, length);
  }

  /** Skips reserved bytes without checking them. */
  skip(length: number): void {
    this.#advance(length);
  }

  /** All remaining bytes, as a view of the same memory. */
  rest(): Uint8Array {
    return this.take(this.remaining);
  }

  /** Raises a `DecodeError` unless every byte was read. */
  end(): void {
    if (this.remaining > 0) throw new DecodeError('tooLong', `${this.remaining} bytes too many`);
  }

  #advance(length: number): number {
    const at = this.#offset;
    if (length > this.#bytes.length - at) {
      throw new DecodeError('tooShort', `wanted ${length} bytes at offset ${at} of ${this.#bytes.length}`);
    }
    this.#offset = at + length;
    return at;
  }
}
