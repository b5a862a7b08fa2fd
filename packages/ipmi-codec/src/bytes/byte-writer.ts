/** Writes little-endian fields into a byte string of fixed length. */
export class ByteWriter {
  readonly bytes: Uint8Array;
  #offset = 0;

  constructor(length: number) {
    this.bytes = new Uint8Array(length);
  }

  u8(value: number): this {
    this.bytes[this.#offset++] = value;
    return this;
  }

  /** Two bytes, least significant first. */
  u16(value: number): this {
    return this.u8(value).u8(value >>> 8);
  }

  /** Three bytes, least significant first. */
  u24(value: number): this {
    return this.u16(value).u8(value >>> 16);
  }

  /** Four bytes, least significant first. */
  u32(value: number): this {
    return this.u16(value).u16(value >>> 16);
  }

  /** Four bytes, most significant first, as ASF uses them. */
  u32BigEndian(value: number): this {
    return this.u8(value >>> 24)
      .u8(value >>> 16)
      .u8(value >>> 8)
      .u8(value);
  }

  put(bytes: Uint8Array): this {
    this.bytes.set(bytes, this.#offset);
    this.#offset += bytes.length;
    return this;
  }

  /** Leaves the next `length` bytes zero. */
  skip(length: number): this {
    this.#offset += length;
    return this;
  }
}
