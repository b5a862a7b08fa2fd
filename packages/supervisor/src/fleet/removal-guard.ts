/** Refuses a reload that would remove most BMCs: an inventory that is empty or cut off for a moment is innocent. Pure. */

export interface ReloadRequest {
  /** The operator means it, however many BMCs are removed. */
  readonly allowRemoval: boolean;
  /** BMCs that `vbmc delete` has just removed from the inventory. */
  readonly removes: readonly string[];
}

export const plainReload: ReloadRequest = { allowRemoval: false, removes: [] };

/** Fewer BMCs than this may lose more than half, but not all. */
const LEAST_FOR_HALF = 4;
const NAMES_SHOWN = 5;

/** What is wrong with going from the BMCs `present` to those `wanted`; `undefined` when nothing is. */
export function removalProblem(
  present: readonly string[],
  wanted: readonly string[],
  { allowRemoval, removes }: ReloadRequest,
): string | undefined {
  if (allowRemoval) return undefined;
  const [after, announced] = [new Set(wanted), new Set(removes)];
  const counted = present.filter((name) => !announced.has(name));
  const missing = counted.filter((name) => !after.has(name));
  const losesAll = missing.length > 0 && after.size === 0;
  const losesMost = counted.length >= LEAST_FOR_HALF && missing.length > counted.length / 2;
  if (!losesAll && !losesMost) return undefined;
  const shown = missing.slice(0, NAMES_SHOWN).join(', ');
  const more = missing.length > NAMES_SHOWN ? ', …' : '';
  return `would remove ${missing.length} of ${present.length} BMCs (${shown}${more})`;
}

/** One reload for several requests, which all were made for the inventory that it reads. */
export function joinRequests(requests: readonly ReloadRequest[]): ReloadRequest {
  return {
    allowRemoval: requests.some(({ allowRemoval }) => allowRemoval),
    removes: requests.flatMap(({ removes }) => removes),
  };
}
