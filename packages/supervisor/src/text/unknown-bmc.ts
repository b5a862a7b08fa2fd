/** What to say about a BMC that does not exist: which ones do. Pure. */
import { nameList } from './name-list.ts';
import type { Problem } from './problem.ts';

export function unknownBmcProblem(unknown: readonly string[], known: readonly string[]): Problem {
  // The first half is VirtualBMC's: scripts look for these words.
  const message = `No domain with matching name ${nameList(unknown)} was found: the inventory has no such BMC`;
  if (known.length === 0) return { message, remedy: 'it has no BMC at all' };
  const others = known.length === 1 ? 'its only BMC is' : `its ${known.length} BMCs are`;
  return { message, remedy: `${others} ${nameList(known)} (vbmc list shows all)` };
}
