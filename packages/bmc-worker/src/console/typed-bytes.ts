/**
 * What waits to be typed at the guest, and in which pieces it is written. Pure.
 *
 * virsh ends when a read from its terminal begins with the escape byte; elsewhere in a read the byte is passed on. A read takes
 * what has come until then, 1,024 bytes at least. So a piece with the byte is short, does not begin with it, and goes when virsh has
 * had time to read the piece before.
 */
import { ESCAPE_BYTE } from './console-command.ts';

/** In bytes. What a client types further ahead is not taken. */
export const TYPED_AHEAD = 4_096;

/** In bytes: two of them fit into one read. */
const SHORT_PIECE = 512;

export interface Piece {
  readonly bytes: Uint8Array;
  /** Has to stay apart from the pieces before and after it. */
  readonly standsAlone: boolean;
}

export class TypedBytes {
  #waiting: Buffer = Buffer.alloc(0);

  get size(): number {
    return this.#waiting.length;
  }

  /** Returns how many bytes were taken, from the first. */
  add(bytes: Uint8Array, underWay: number): number {
    const room = Math.max(0, TYPED_AHEAD - underWay - this.#waiting.length);
    const taken = bytes.subarray(0, room);
    this.#waiting = Buffer.concat([this.#waiting, taken]);
    return taken.length;
  }

  /** Takes the next piece out; undefined if nothing waits. */
  next(): Piece | undefined {
    const first = this.#waiting.findIndex((byte) => byte !== ESCAPE_BYTE);
    const all = first === -1 ? this.#waiting.subarray(this.#waiting.length) : this.#waiting.subarray(first);
    const standsAlone = all.includes(ESCAPE_BYTE);
    let length = standsAlone ? Math.min(SHORT_PIECE, all.length) : all.length;
    while (all[length] === ESCAPE_BYTE) length += 1;
    this.#waiting = all.subarray(length);
    return length === 0 ? undefined : { bytes: all.subarray(0, length), standsAlone };
  }
}
