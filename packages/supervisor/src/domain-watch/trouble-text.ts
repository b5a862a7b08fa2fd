/** What the listing says of a connection that does not stand. Pure. */
import { printable } from '../text/printable.ts';

const LONGEST_URI = 200;

/** `cause`: of the last attempt that failed; `undefined`: the first one is under way. `forMs`: without a connection. */
export function connectionTroubleText(
  connectionUri: string,
  forMs: number,
  cause: string | undefined,
): string {
  const forSeconds = `for ${Math.round(forMs / 1000)} s`;
  if (cause === undefined) return `connecting to ${printable(connectionUri, LONGEST_URI)} ${forSeconds}`;
  return `no connection ${forSeconds}: ${cause}`;
}
