/** How long to wait before the next attempt. Pure. */
import { FIRST_BACK_OFF_MS } from './supervision-times.ts';

/**
 * The delay after the `failures`-th failure in a row, from 1: it doubles with each, up to `maximumMs`. Jitter takes away
 * up to half. `random` returns a number in [0, 1).
 */
export function backOffMs(failures: number, maximumMs: number, random: () => number): number {
  const fullMs = Math.min(FIRST_BACK_OFF_MS * 2 ** (failures - 1), maximumMs);
  return Math.round(fullMs * (1 - random() / 2));
}
