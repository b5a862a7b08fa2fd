/**
 * Which of the half-open logins of one source has to go when there are too many of them (random early drop).
 *
 * Those of the client (address and port) with the most are candidates, so that a client with many loses its own. Of them one
 * of the older half is drawn: a flood from forged ports does not know which login it hits, and a login that goes on at once is
 * over before it is in that half.
 */
export function chooseVictim<Entry>(
  /** The oldest first. */
  entries: readonly Entry[],
  clientOf: (entry: Entry) => string,
  draw: (below: number) => number,
): Entry | undefined {
  const counts = new Map<string, number>();
  let most = 0;
  for (const entry of entries) {
    const count = (counts.get(clientOf(entry)) ?? 0) + 1;
    counts.set(clientOf(entry), count);
    most = Math.max(most, count);
  }
  const candidates = entries.filter((entry) => counts.get(clientOf(entry)) === most);
  return drawOlder(candidates, draw);
}

/** One of the older half. */
export function drawOlder<Entry>(
  entries: readonly Entry[],
  draw: (below: number) => number,
): Entry | undefined {
  return entries.length === 0 ? undefined : entries[draw(Math.ceil(entries.length / 2))];
}
