import { randomBytes, randomFillSync } from 'node:crypto';
import type { RandomBytes } from '../core/terms/random-bytes.ts';

const STOCK_LENGTH = 1024;

/**
 * Random bytes of the system, fetched 1 KiB at a time and each handed out once: a fetch takes 2 µs however few bytes it is
 * for, and every answer needs 16.
 */
export function createRandomSource(): RandomBytes {
  const stock = new Uint8Array(STOCK_LENGTH);
  let used = STOCK_LENGTH;
  return (length) => {
    if (length > STOCK_LENGTH) return randomBytes(length);
    if (length > STOCK_LENGTH - used) {
      randomFillSync(stock);
      used = 0;
    }
    // A copy, so that its holder does not keep the whole stock in memory.
    const bytes = stock.slice(used, used + length);
    used += length;
    return bytes;
  };
}
