/** Refuses a reload that would remove most BMCs: an inventory that is empty or cut off for a moment is innocent. Pure. */
import { REMOVALS_COUNT_MS } from '../supervision/supervision-times.ts';
import { nameList } from '../text/name-list.ts';

export interface ReloadRequest {
  /** The operator means it, however many BMCs are removed. */
  readonly allowRemoval: boolean;
  /** BMCs that `vbmc delete` has just removed from the inventory. */
  readonly removes: readonly string[];
}

export const plainReload: ReloadRequest = { allowRemoval: false, removes: [] };

/** Fewer BMCs than this may lose more than half, but not all. */
const LEAST_FOR_HALF = 4;

/** Times in milliseconds. */
export class RemovalGuard {
  /** BMCs that a reload has removed unannounced, and when. A file that is being cut shrinks in steps. */
  readonly #removedAt = new Map<string, number>();

  /** What is wrong with going from the BMCs `present` to those `wanted`; `undefined` when nothing is. */
  problem(
    present: readonly string[],
    wanted: readonly string[],
    { allowRemoval, removes }: ReloadRequest,
    now: number,
  ): string | undefined {
    if (allowRemoval) return undefined;
    const [after, announced] = [new Set(wanted), new Set(removes)];
    const counted = present.filter((name) => !announced.has(name));
    const missing = counted.filter((name) => !after.has(name));
    if (missing.length === 0) return undefined;
    const known = new Set(present);
    const earlier = [...this.#removedAt]
      .filter(([name, at]) => now - at <= REMOVALS_COUNT_MS && !known.has(name) && !after.has(name))
      .map(([name]) => name);
    const [all, gone] = [counted.length + earlier.length, missing.length + earlier.length];
    const losesAll = missing.length === counted.length;
    const losesMost = all >= LEAST_FOR_HALF && gone > all / 2;
    if (!losesAll && !losesMost) return undefined;
    const before =
      earlier.length === 0
        ? ''
        : `, after ${earlier.length} in the last ${REMOVALS_COUNT_MS / 60_000} minutes`;
    return `would remove ${missing.length} of ${present.length} BMCs (${nameList(missing)})${before}`;
  }

  /** The reload is applied. */
  accept(
    present: readonly string[],
    wanted: readonly string[],
    { allowRemoval, removes }: ReloadRequest,
    now: number,
  ): void {
    if (allowRemoval) this.#removedAt.clear();
    const kept = new Set([...wanted, ...removes]);
    for (const [name, at] of this.#removedAt) {
      if (kept.has(name) || now - at > REMOVALS_COUNT_MS) this.#removedAt.delete(name);
    }
    if (allowRemoval) return;
    for (const name of present) if (!kept.has(name)) this.#removedAt.set(name, now);
  }
}

/** One reload for several requests, which all were made for the inventory that it reads. */
export function joinRequests(requests: readonly ReloadRequest[]): ReloadRequest {
  return {
    allowRemoval: requests.some(({ allowRemoval }) => allowRemoval),
    removes: requests.flatMap(({ removes }) => removes),
  };
}
